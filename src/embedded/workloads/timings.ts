/** How long things take in the simulation, in milliseconds of its clock. */
export interface WorkloadTimings {
  /** From a pod's place on a node until its container runs; each init container takes as long again. */
  readonly startMs: number;
  /** From a pod's deletion until it is gone. */
  readonly stopMs: number;
  /** How long a container runs that ends of itself, when nothing says how long. */
  readonly runMs: number;
  /** The first pause before a container that ended is started again; each further pause is twice as long. */
  readonly restartBackoffMs: number;
  readonly maxRestartBackoffMs: number;
  /** Pause of a Job before it replaces a pod that failed; each further pause is twice as long. */
  readonly jobBackoffMs: number;
  readonly maxJobBackoffMs: number;
  /** Until a claim is bound to a volume. */
  readonly bindMs: number;
  /** Until a load balancer or an Ingress has its address. */
  readonly addressMs: number;
  /** Changes of a Service's pods are gathered for so long. */
  readonly endpointsMs: number;
  /** Between two looks of an autoscaler. */
  readonly scaleMs: number;
  /** Until what failed unexpectedly is tried again; each further pause is twice as long. */
  readonly retryMs: number;
}

export const defaultTimings: WorkloadTimings = {
  startMs: 300,
  stopMs: 200,
  runMs: 500,
  restartBackoffMs: 10_000,
  maxRestartBackoffMs: 300_000,
  jobBackoffMs: 10_000,
  maxJobBackoffMs: 600_000,
  bindMs: 100,
  addressMs: 300,
  endpointsMs: 50,
  scaleMs: 15_000,
  retryMs: 1000,
};

/** A pause that doubles with each time that came before. */
export function backoffMs(baseMs: number, maxMs: number, before: number): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(before, 30));
}

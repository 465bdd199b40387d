import { parseTime } from "#core/cron/index.ts";
import { healthySinceMs as healthyThereMs } from "#core/promotion/healthy-upstream.ts";
import type { Gate, GateKind, GateState } from "#core/promotion/index.ts";
import type { GatePorts } from "#engine/promotion/gates/gate-context.ts";
import { openForge } from "./open-forge.ts";
import type { Pass, StageView } from "./pass.ts";
import { readSecretValue } from "./signing-key.ts";
import type { Step } from "./step.ts";

/** What was found once of a plan stays found. */
const lasting: readonly GateKind[] = ["webhook", "prometheus", "job"];

export interface EvaluatedGates {
  readonly gates: readonly GateState[];
  readonly againMs: number | undefined;
}

/** Asks the gates that come before a promotion is written. */
export async function evaluateGates(step: Step, gates: readonly Gate[]): Promise<EvaluatedGates> {
  const known = step.promotion.status.gates ?? [];
  const { revision } = step.promotion.spec;
  const isTakenBack = step.view.stage.after.some(
    (name) => step.views.get(name)?.status.hold?.revisions.includes(revision) === true,
  );
  const healthySinceMs = healthyBeforeMs(step);
  return await evaluate(step, { gates, known, healthySinceMs, isSoaked: !isTakenBack });
}

/** Asks what verifies a promotion that was applied. */
export async function evaluateVerification(step: Step): Promise<EvaluatedGates> {
  const known = step.promotion.status.verification ?? [];
  const { health, healthySince } = step.view.status;
  const healthySinceMs =
    health === "Healthy" && healthySince !== undefined ? parseTime(healthySince) : undefined;
  return await evaluate(step, {
    gates: step.view.stage.verification,
    known,
    healthySinceMs,
    isSoaked: false,
  });
}

interface Evaluation {
  readonly gates: readonly Gate[];
  readonly known: readonly GateState[];
  readonly healthySinceMs: number | undefined;
  /** A soak that has passed lasts, unless the revision was taken back in a stage before. */
  readonly isSoaked: boolean;
}

async function evaluate(
  step: Step,
  { gates, known, healthySinceMs, isSoaked }: Evaluation,
): Promise<EvaluatedGates> {
  const { promotion, view, pass } = step;
  const { pipeline, deps, nowMs, now, signal } = pass;
  const digest = promotion.status.plan?.digest;
  const states: GateState[] = [];
  let againMs: number | undefined;
  for (const gate of gates) {
    const isLasting = lasting.includes(gate.kind);
    const before = toldBefore(gate, { known, digest });
    if (before?.state === "Passed" && (isLasting || (isSoaked && gate.kind === "soak"))) {
      states.push(before);
      continue;
    }
    const since = before?.since ?? now;
    const sinceMs = parseTime(since) ?? nowMs;
    const { clock } = deps;
    const context = {
      pipeline,
      stage: view.stage,
      promotion,
      sinceMs,
      healthySinceMs,
      before,
      clock,
      ports: portsOf(view, pass),
      signal,
    };
    const outcome = await deps.evaluateGate(gate, context);
    const { name, kind, timeoutMs } = gate;
    const isLate = outcome.state === "Waiting" && nowMs - sinceMs >= timeoutMs;
    const message = isLate
      ? `did not pass within its timeout, since ${since}: ${outcome.message}`
      : outcome.message;
    const { notes } = outcome;
    states.push({
      name,
      kind,
      state: isLate ? "Failed" : outcome.state,
      message,
      since,
      ...(notes === undefined ? {} : { notes }),
      ...(isLasting && digest !== undefined ? { digest } : {}),
    });
    if (outcome.state === "Waiting")
      againMs = sooner(
        againMs,
        Math.min(outcome.checkAgainMs ?? Number.POSITIVE_INFINITY, sinceMs + timeoutMs - nowMs),
      );
  }
  return { gates: states, againMs };
}

interface Told {
  readonly known: readonly GateState[];
  /** Of the plan as it is now. */
  readonly digest: string | undefined;
}

/** What was said of a gate before; undefined where it was asked about another plan than there is now. */
export function toldBefore({ name, kind }: Gate, { known, digest }: Told): GateState | undefined {
  const told = known.find((one) => one.name === name);
  return lasting.includes(kind) && told?.digest !== digest ? undefined : told;
}

export function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** Since when the revision has been healthy in all stages before; undefined while it is not in one of them. */
function healthyBeforeMs({ promotion, view, views }: Step): number | undefined {
  const { revision } = promotion.spec;
  const since = view.stage.after.map((name) => healthyThereMs(views.get(name)?.status, revision));
  if (since.includes(undefined)) return undefined;
  return Math.max(...since.map((ms) => ms ?? 0));
}

function portsOf({ stage }: StageView, pass: Pass): GatePorts {
  const { http, hub } = pass.deps;
  const statuses = async (commit: string, signal: AbortSignal) => {
    const open = await openForge(stage, { ...pass, signal });
    return (await open?.forge.readCommitStatuses({ repository: open.repository, commit })) ?? [];
  };
  return {
    forge: pass.pipeline.forge === undefined ? undefined : { statuses },
    http,
    secret: async (ref, signal) => await readSecretValue(ref, { ...pass, signal }),
    cluster: hub.cluster,
    denyJob: (namespace) => pass.denyJob(namespace),
  };
}

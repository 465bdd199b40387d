import { parseTime } from "#core/cron/index.ts";
import { windowProblems, windowState } from "#core/windows/index.ts";
import type { PipelineProblem } from "./gate.ts";
import type { PipelineSpec } from "./types.ts";

type FreezeSpec = NonNullable<PipelineSpec["freezes"]>[number];

/** A time in which nothing new is promoted or synced. */
export interface Freeze {
  readonly name: string;
  readonly reason: string;
  /** Empty for all. */
  readonly stages: readonly string[];
  readonly spec: FreezeSpec;
}

interface Reading {
  readonly stages: readonly string[];
  readonly problems: PipelineProblem[];
}

/** Reads the freezes of a Pipeline; what cannot be kept is added to the problems. */
export function parseFreezes(specs: readonly FreezeSpec[], { stages, problems }: Reading): readonly Freeze[] {
  return specs.map((spec, i) => {
    const path = `spec.freezes[${i}]`;
    checkTimes(spec, path, problems);
    for (const [k, name] of (spec.stages ?? []).entries()) {
      if (stages.includes(name)) continue;
      const message = `is ${JSON.stringify(name)}, which is no stage; use one of ${stages.join(", ")}`;
      problems.push({ path: `${path}.stages[${k}]`, message });
    }
    return { name: spec.name, reason: spec.reason ?? "", stages: spec.stages ?? [], spec };
  });
}

function checkTimes(spec: FreezeSpec, path: string, problems: PipelineProblem[]): void {
  const { from, until, schedule, duration } = spec;
  if ((from === undefined) === (schedule === undefined)) {
    problems.push({ path, message: "must have either from, or schedule and duration; write one of the two" });
    return;
  }
  if (from !== undefined) {
    if (until !== undefined && timeOf(until) <= timeOf(from))
      problems.push({ path: `${path}.until`, message: "is not after from; correct one of the two" });
    return;
  }
  if (duration === undefined) {
    problems.push({ path: `${path}.duration`, message: "is missing; write how long it lasts, such as 48h" });
    return;
  }
  for (const problem of windowProblems([windowOf(spec)])) {
    const at = problem.path.replace("spec.syncWindows[0]", path);
    problems.push({ path: at, message: problem.message.slice(problem.path.length + 1) });
  }
}

/** The schema takes nothing but times. */
function timeOf(text: string): number {
  return parseTime(text) ?? 0;
}

function windowOf({ schedule = "", duration = "", timeZone }: FreezeSpec) {
  return { kind: "deny", schedule, duration, ...(timeZone !== undefined && { timeZone }) };
}

/** Which freeze a stage is in, and when that one ends in Unix milliseconds (undefined for no end in sight). */
export function freezeAt(
  freezes: readonly Freeze[],
  stage: string,
  nowMs: number,
): { readonly freeze: Freeze; readonly endsMs: number | undefined } | undefined {
  for (const freeze of freezes) {
    if (freeze.stages.length > 0 && !freeze.stages.includes(stage)) continue;
    const { from, until } = freeze.spec;
    if (from !== undefined) {
      const endsMs = until === undefined ? undefined : timeOf(until);
      if (nowMs >= timeOf(from) && (endsMs === undefined || nowMs < endsMs)) return { freeze, endsMs };
      continue;
    }
    const state = windowState(windowOf(freeze.spec), nowMs);
    // What cannot be read was refused with the Pipeline.
    if (state?.isOpen === true) return { freeze, endsMs: state.turnsMs };
  }
  return undefined;
}

/** `feast (all are away), until 2027-01-04T00:00:00Z`. */
export function describeFreeze(
  { freeze: { name, reason }, endsMs }: NonNullable<ReturnType<typeof freezeAt>>,
  formatTime: (ms: number) => string,
  endless = "no end is in sight",
): string {
  const why = reason === "" ? "" : ` (${reason})`;
  return `${name}${why}, ${endsMs === undefined ? endless : `until ${formatTime(endsMs)}`}`;
}

import { parseTime } from "#core/cron/index.ts";
import { holdRequestOf, pipelineAnnotation } from "./holds.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";
import type { StageStatus } from "./types.ts";

export type Hold = NonNullable<StageStatus["hold"]>;

export interface HoldQuestion {
  readonly stage: string;
  readonly before: Hold | undefined;
  readonly pipeline: Pipeline;
  /** Of this stage. */
  readonly promotions: readonly Pick<Promotion, "spec" | "status">[];
}

/**
 * What a stage is kept from. A hold by hand names no revision and holds all; one of a rollback names what was taken back, and ends when another
 * revision succeeds. Both end when somebody says so.
 */
export function decideHold({ stage, before, pipeline, promotions }: HoldQuestion): Hold | undefined {
  const asked = byHand(pipeline, stage);
  const resumed = pipeline.annotations[pipelineAnnotation.resume(stage)] ?? "";
  const resumedMs = parseTime(resumed) ?? Number.NEGATIVE_INFINITY;
  const isOver = (hold: Hold) => resumedMs >= timeOf(hold.since);
  if (asked !== undefined && !isOver(asked)) {
    return before !== undefined && timeOf(before.since) > timeOf(asked.since) ? before : asked;
  }
  if (before === undefined || isOver(before)) return undefined;
  // What was asked for by hand is gone with its annotation.
  if (before.revisions.length === 0) return undefined;
  const isOvertaken = promotions.some(
    ({ spec, status }) =>
      spec.kind === "Promote" &&
      // A revert of a part, by plain git, is no better revision.
      spec.cause !== "Git" &&
      status.phase === "Succeeded" &&
      timeOf(status.finishedAt) >= timeOf(before.since) &&
      timeOf(status.writtenAt) >= timeOf(before.since) &&
      !before.revisions.includes(spec.revision),
  );
  return isOvertaken ? undefined : withoutInsisted(before, promotions);
}

/** What a person has promoted all the same, and was good then, is not held any more. */
function withoutInsisted(hold: Hold, promotions: HoldQuestion["promotions"]): Hold | undefined {
  const good = promotions.filter(
    ({ spec, status }) =>
      spec.kind === "Promote" &&
      spec.cause === "Person" &&
      status.phase === "Succeeded" &&
      // Times are whole seconds: of what was rolled back in the second in which it was written nobody has insisted on anything.
      timeOf(status.writtenAt) > timeOf(hold.since),
  );
  const revisions = hold.revisions.filter((one) => !good.some(({ spec }) => spec.revision === one));
  if (revisions.length === hold.revisions.length) return hold;
  return revisions.length === 0 ? undefined : { ...hold, revisions };
}

/** Whether a hold keeps automation from a revision. */
export function isHeld(hold: Hold | undefined, revision: string): boolean {
  return hold !== undefined && (hold.revisions.length === 0 || hold.revisions.includes(revision));
}

function timeOf(text = ""): number {
  return parseTime(text) ?? 0;
}

function byHand(pipeline: Pipeline, stage: string): Hold | undefined {
  const request = holdRequestOf(pipeline, stage);
  if (request === undefined || parseTime(request.at) === undefined) return undefined;
  const { by, reason, at } = request;
  return { revisions: [], by, reason, since: at };
}

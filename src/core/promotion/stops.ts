import type { Hold } from "./decide-hold.ts";
import { isHeld } from "./decide-hold.ts";
import { brokenGlass } from "./broken-glass.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";
import type { StageStatus } from "./types.ts";

export interface StopQuestion {
  readonly promotion: Pick<Promotion, "name" | "spec" | "status">;
  readonly pipeline: Pick<Pipeline, "name" | "isSuspended">;
  readonly stage: Pick<StageStatus, "frozen" | "hold">;
}

export const whySuspended = "the pipeline is suspended; set spec.suspend to false";

/** That a hold keeps a stage of a pipeline, and what ends that. */
export function whyHeld({ by, since, reason }: Hold, pipeline: string, stage: string): string {
  return `held by ${by} since ${since}: ${reason}; end it with: mooring pipeline resume ${pipeline}/${stage}`;
}

/** What keeps a promotion from anything new now, each with what ends it; undefined for what does not. The glass is not asked. */
export function stopsOf({ promotion, pipeline, stage }: StopQuestion): {
  readonly suspend: string | undefined;
  readonly freeze: string | undefined;
  readonly hold: string | undefined;
} {
  const { name, spec } = promotion;
  const { frozen, hold } = stage;
  // What a rollback holds does not keep a person from asking for it.
  const isHeldBack =
    spec.kind === "Promote" &&
    hold !== undefined &&
    (hold.revisions.length === 0 || (spec.cause !== "Person" && isHeld(hold, spec.revision)));
  const glass = `break the glass with: mooring promotion break-glass ${name} --reason TEXT`;
  return {
    suspend: pipeline.isSuspended ? whySuspended : undefined,
    freeze: frozen === undefined ? undefined : `frozen by ${frozen}; ${glass}`,
    hold: isHeldBack ? whyHeld(hold, pipeline.name, spec.stage) : undefined,
  };
}

/** Why nothing of a promotion may be synced now, and what ends that; undefined when it may, also because somebody broke the glass. */
export function whyNotSynced(question: StopQuestion): string | undefined {
  if (brokenGlass(question.promotion) !== undefined) return undefined;
  const { suspend, freeze } = stopsOf(question);
  return suspend ?? freeze;
}

/** The same of what its gates have let through and is about to be written, which a hold stops, too. */
export function whyNotWritten(question: StopQuestion): string | undefined {
  if (brokenGlass(question.promotion) !== undefined) return undefined;
  return whyNotSynced(question) ?? stopsOf(question).hold;
}

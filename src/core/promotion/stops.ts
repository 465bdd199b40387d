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

/** Why nothing of a promotion may be synced now, and what ends that; undefined when it may, also because somebody broke the glass. */
export function whyNotSynced({ promotion, pipeline, stage }: StopQuestion): string | undefined {
  if (brokenGlass(promotion) !== undefined) return undefined;
  if (pipeline.isSuspended) return "the pipeline is suspended; set spec.suspend to false";
  if (stage.frozen === undefined) return undefined;
  return `frozen by ${stage.frozen}; break the glass with: mooring promotion break-glass ${promotion.name} --reason TEXT`;
}

/** The same of what its gates have let through and is about to be written, which a hold stops, too. */
export function whyNotWritten(question: StopQuestion): string | undefined {
  const { promotion, pipeline, stage } = question;
  const { spec, status } = promotion;
  const { hold } = stage;
  const why = whyNotSynced(question);
  if (why !== undefined || brokenGlass({ status }) !== undefined) return why;
  if (spec.kind !== "Promote" || hold === undefined) return undefined;
  // What a rollback holds does not keep a person from asking for it.
  const isStopped = hold.revisions.length === 0 || (spec.cause !== "Person" && isHeld(hold, spec.revision));
  if (!isStopped) return undefined;
  return `held by ${hold.by} since ${hold.since}: ${hold.reason}; end it with: mooring pipeline resume ${pipeline.name}/${spec.stage}`;
}

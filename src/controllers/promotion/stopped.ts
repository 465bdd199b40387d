import type { StopQuestion } from "#core/promotion/index.ts";
import type { Step } from "./step.ts";

/** What stands in the way of a promotion at this look. */
export function stopsOf({ promotion, view, pass }: Step): StopQuestion {
  return { promotion, pipeline: pass.pipeline, stage: view.status };
}

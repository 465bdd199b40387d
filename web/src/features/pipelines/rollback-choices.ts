import type { Promotion, Stage } from "./pipeline.ts";

/** Whether a stage once held what a promotion brought, and holds another now. */
export function wasThere({ name, spec, status }: Promotion, stage: Stage): boolean {
  const isOfStage = spec.stage === stage.name && name !== stage.status.promotion;
  return isOfStage && (status.phase === "Succeeded" || status.phase === "RolledBack");
}

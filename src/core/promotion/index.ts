/**
 * Stages, and what brings a revision from one to the next (ADR 41). A Pipeline is read by `parsePipeline`, which refuses what makes no sense, and a
 * Promotion by `parsePromotion`; everything else here is a function of the two, of what Git and the applications say, and of a moment.
 */
export { approve, breakGlass, reject, whyNotCounted } from "./approvals.ts";
export type { ApprovalRequest, Person } from "./approvals.ts";
export { freezeAt } from "./freeze.ts";
export type { Freeze } from "./freeze.ts";
export { gateKinds } from "./gate.ts";
export type { Gate, GateKind } from "./gate.ts";
export {
  hold,
  holdRequestOf,
  isRequestAnnotation,
  pipelineAnnotation,
  refresh,
  requireStage,
  resume,
} from "./holds.ts";
export type { HoldRequest } from "./holds.ts";
export { parsePipeline } from "./pipeline.ts";
export type { Pipeline, Stage } from "./pipeline.ts";
export { hasEnded, parsePromotion } from "./promotion.ts";
export type { Promotion } from "./promotion.ts";
export {
  newPromotion,
  parseReleaseName,
  promotionLabel,
  promotionLabels,
  promotionName,
  releaseSizeAnnotation,
  requireText,
} from "./requests.ts";
export type { PromotionAsk } from "./requests.ts";
export type * from "./types.ts";

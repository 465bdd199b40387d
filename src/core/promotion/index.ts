/**
 * Stages, and what brings a revision from one to the next (ADR 41). A Pipeline is read by `parsePipeline`, which refuses what makes no sense, and a
 * Promotion by `parsePromotion`; everything else here is a function of the two, of what Git and the applications say, and of a moment.
 */
export { approve, breakGlass, reject, whyNotCounted } from "./approvals.ts";
export type { ApprovalRequest, Person } from "./approvals.ts";
export { brokenGlass } from "./broken-glass.ts";
export { decideAutomation, isUnderWay, spentRevisions } from "./decide-automation.ts";
export { decideCandidate, withPassed } from "./decide-candidate.ts";
export { decideDeadline, leftOf } from "./deadline.ts";
export { decideHold, isHeld } from "./decide-hold.ts";
export { decidePrune } from "./decide-prune.ts";
export { rollbackTarget, startOfStage, takenBack, writtenPromotions } from "./decide-rollback.ts";
export type { RollbackTarget } from "./decide-rollback.ts";
export { shortCommit } from "./short-commit.ts";
export { promotionsOfCommits, revertedCommits } from "./find-reverted.ts";
export { describeFreeze, freezeAt } from "./freeze.ts";
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
export { mayClaim } from "./may-claim.ts";
export { namedApplications } from "./named-applications.ts";
export { viewUnreadable } from "./unreadable.ts";
export { parsePipeline } from "./pipeline.ts";
export type { Pipeline, Stage } from "./pipeline.ts";
export { promotionPhases } from "./pipeline-schema.ts";
export { hasEnded, isLost, parsePromotion } from "./promotion.ts";
export type { Promotion } from "./promotion.ts";
export { nextAttempt } from "./next-attempt.ts";
export {
  newPromotion,
  parseReleaseName,
  promotionLabels,
  promotionName,
  releaseSizeAnnotation,
  requireText,
} from "./requests.ts";
export type { PromotionAsk } from "./requests.ts";
export { toldCommits } from "./told-commits.ts";
export { stopsOf, whyHeld, whyNotSynced, whyNotWritten, whySuspended } from "./stops.ts";
export type { StopQuestion } from "./stops.ts";
export type * from "./types.ts";
export { writeDenial } from "./write-denial.ts";

/**
 * Approval of exact plans: what asks for it (`requirement`), how a plan that waits and an approval are written on an Application (`records`),
 * how an operation names the plan that it may carry out (`pinned`), and what it may then do (`verdict`).
 *
 * An approval is of one plan, by its digest, for one operation, until it expires. The operation that uses it is marked in it when it begins,
 * and the approval goes when the operation ends.
 */
export { parseDigest, pinnedPlan, pinPlan } from "./pinned.ts";
export { isPlainHeal } from "./plain-heal.ts";
export { formatApproval, formatWaitingPlan, parseApproval, parseWaitingPlan } from "./records.ts";
export type { PlanApproval, WaitingPlan } from "./records.ts";
export { findRequirement } from "./requirement.ts";
export type { ApprovalRequirement } from "./requirement.ts";
export { formatChanges, isRefusedByApproval, isUsable, refuseUnapproved } from "./verdict.ts";
export type { ApprovalMoment } from "./verdict.ts";

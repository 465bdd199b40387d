import type { Begun, PlanRecord } from "#core/sync/index.ts";
import { isRemainder, listPlanChanges } from "#core/sync/index.ts";
import type { PlanApproval } from "./records.ts";

const shownChanges = 12;

const refused = "cannot sync: ";

/** What an operation wants, and what it may. */
export interface ApprovalCase {
  /** The Application's name, for the commands that messages name. */
  readonly app: string;
  readonly now: PlanRecord;
  /** The plan that the operation names. */
  readonly pinned: string | undefined;
  /** The approval that the operation uses. */
  readonly approval: PlanApproval | undefined;
  /** The plan that it names, where that is known. */
  readonly plan: PlanRecord | undefined;
  /** Nothing may be done but what was approved. */
  readonly isRequired: boolean;
  /** What the operation had done, once its plan was found to be the one; undefined when it begins. */
  readonly begun: Begun | undefined;
}

/** Why an operation may not carry its plan out, and how to go on; undefined when it may. */
export function refuseUnapproved(found: ApprovalCase): string | undefined {
  const { app, now, pinned, approval, isRequired } = found;
  const approve = `mooring app approve ${app} ${now.digest}`;
  if (isRequired && (pinned === undefined || approval?.digest !== pinned)) {
    const asked =
      pinned === undefined ? "" : `nobody has approved ${pinned}, or it was used or has expired; `;
    return `${refused}a sync of this application needs an approved plan; ${asked}what it would do now is ${now.digest}; see it with: mooring app get ${app}, and approve it with: ${approve}`;
  }
  if (pinned === undefined || covers(found, pinned)) return undefined;
  const what =
    approval?.digest === pinned ? `the plan approved by ${approval.by} at ${approval.at}` : "the plan";
  return `${refused}${what}, ${pinned}, is not what would be done now: ${describe(found)}; what would be done now is ${now.digest}; see it with: mooring app get ${app}, and approve it with: ${approve}`;
}

/** True when the plan is the one that was named, or what is left of it. */
function covers({ now, plan, begun, isRequired }: ApprovalCase, pinned: string): boolean {
  if (now.digest === pinned) return true;
  if (begun === undefined) return false;
  return plan === undefined ? !isRequired : isRemainder(plan, now, begun);
}

function describe({ now, plan }: ApprovalCase): string {
  return plan === undefined
    ? "what differs is not known, because nothing but the digest was kept"
    : formatChanges(plan, now);
}

/** `+ apply ConfigMap/shop/a (Sync 0), - prune …`, cut where it gets long. */
export function formatChanges(approved: PlanRecord, now: PlanRecord): string {
  const lines = listPlanChanges(approved, now);
  const more = lines.length > shownChanges ? [`${lines.length - shownChanges} more`] : [];
  return [...lines.slice(0, shownChanges), ...more].join("; ");
}

/** True for the message of an operation that was refused so, and therefore tried nothing. */
export function isRefusedByApproval(message: string | undefined): boolean {
  return message?.startsWith(refused) === true && message.includes("mooring app approve ");
}

/** Now, and between what times an approval must have been given to be of use; RFC 3339 in UTC, whole seconds. */
export interface ApprovalMoment {
  readonly now: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** True when an approval may still be used by an operation that begins now. */
export function isUsable({ at, expires, usedAt }: PlanApproval, moment: ApprovalMoment): boolean {
  if (usedAt !== undefined) return false;
  return moment.notBefore < at && at <= moment.notAfter && moment.now < expires;
}

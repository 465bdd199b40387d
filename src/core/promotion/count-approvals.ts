import { isSamePerson, whyNotCounted } from "./approvals.ts";
import type { Gate } from "./gate.ts";
import type { Promotion } from "./promotion.ts";

/** What approvals of a promotion mean to one gate. */
export interface ApprovalCount {
  readonly required: number;
  /** Who counts, once each, in the order of their approvals. */
  readonly counted: readonly string[];
  /** Who does not, each with the reason, to be read after the name. */
  readonly ignored: readonly { readonly username: string; readonly reason: string }[];
}

type Approved = Pick<Promotion, "spec" | "status">;

/**
 * Counts the approvals of a promotion for a gate. One counts when it names the digest of the plan as it is now, when its person is among
 * those that the gate names, and is neither who asked for the promotion nor an author of one of its commits; and once for each person.
 */
export function countApprovals(gate: Gate, promotion: Approved): ApprovalCount {
  const counted: string[] = [];
  const ignored: { username: string; reason: string }[] = [];
  for (const approval of promotion.status.approvals ?? []) {
    const { username } = approval;
    const reason = username.trim() === "" ? "has no name" : whyNotCounted(approval, { gate, promotion });
    const isTwice = counted.some((other) => isSamePerson(other, username));
    if (reason === undefined && !isTwice) counted.push(username);
    if (reason !== undefined) ignored.push({ username, reason });
  }
  return { required: gate.spec.approvals?.required ?? 1, counted, ignored };
}

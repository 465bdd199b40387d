import type { Gate } from "./gate.ts";
import type { Promotion } from "./promotion.ts";
import type { Approval } from "./types.ts";

/** What approvals of a promotion mean to one gate. */
export interface ApprovalCount {
  readonly required: number;
  /** Who counts, once each, in the order of their approvals. */
  readonly counted: readonly string[];
  /** Who does not, each with the reason. */
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
    const reason = reasonAgainst(approval, gate, promotion);
    const isTwice = counted.some((other) => isSame(other, username));
    if (reason === undefined && !isTwice) counted.push(username);
    if (reason !== undefined) ignored.push({ username, reason });
  }
  return { required: gate.spec.approvals?.required ?? 1, counted, ignored };
}

function reasonAgainst(
  { username, groups = [], digest }: Approval,
  gate: Gate,
  { spec, status }: Approved,
): string | undefined {
  if (username.trim() === "") return "has no name";
  if (status.plan === undefined || digest !== status.plan.digest) return "approved another plan";
  // Automation and a push by plain git are asked for by nobody in particular.
  if (spec.cause === "Person" && isSame(username, spec.requestedBy.username)) return "asked for it";
  const own = (status.commits ?? []).find(
    (one) => isSame(username, one.author) || isSame(username, one.email),
  );
  if (own !== undefined) return `is the author of ${own.commit.slice(0, 7)}`;
  const { users = [], groups: named = [] } = gate.spec.approvals ?? {};
  const isNamed = users.includes(username) || named.some((group) => groups.includes(group));
  return isNamed || (users.length === 0 && named.length === 0) ? undefined : "is not among those who may";
}

/** Names of people and e-mail addresses differ in case from one system to another, and are one person's all the same. */
function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && one.trim().toLowerCase() === other.trim().toLowerCase();
}

import type { HealthCheck } from "../check.ts";

/** The states that a row names, in the order in which they are tried: the first that holds decides. */
export const ruleStates = ["Suspended", "Degraded", "Progressing", "Healthy"] as const;
export type RuleState = (typeof ruleStates)[number];

interface CoveredKinds {
  /** API groups, separated by spaces; `*.example.com` stands for every group below example.com. */
  readonly groups: string;
  /** Kinds, separated by spaces; `*` stands for every kind of the groups that has no row of its own. */
  readonly kinds: string;
}

/**
 * A row whose states follow from conditions and fields. A test is a text:
 *
 * - `Ready=True` is a condition; `Ready=False(A|B)` only for these reasons, `Ready=False(!A|B)` for any other reason;
 *   `*=False` is any condition. A condition of an earlier generation says nothing about this one and counts as absent.
 * - `.status.phase=A|B` is a field that has one of these values, in any case; `.status.phase!=A|B` one that has another;
 *   `.status.id` one that is not empty.
 * - `!` in front says that the rest does not hold; `&` joins what must hold together; ` or ` joins alternatives.
 */
export interface TestedRow extends CoveredKinds {
  readonly Suspended?: string;
  readonly Degraded?: string;
  readonly Progressing?: string;
  readonly Healthy?: string;
  /** When no test holds; `nothing` leaves the Application's health alone. Progressing by default. */
  readonly otherwise?: "Progressing" | "Healthy" | "nothing";
  /** Fields with words for people, separated by spaces; read when the condition that decided has none. */
  readonly message?: string;
}

/** A row whose states follow from more than tests can say. */
interface CheckedRow extends CoveredKinds {
  readonly check: HealthCheck;
  /** What each state follows from, for the documentation. */
  readonly says: Partial<Record<RuleState, string>>;
}

export type Row = TestedRow | CheckedRow;

import type { Gate } from "#core/promotion/index.ts";
import { countApprovals } from "#core/promotion/count-approvals.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

/** People who agree to the plan. A rollback to what was approved before asks again unless the gate waives it. */
export function evaluateApprovals(gate: Gate, { promotion }: GateContext): GateOutcome {
  const { rollbacks, users = [], groups = [] } = gate.spec.approvals ?? {};
  if (promotion.spec.kind === "Rollback" && rollbacks === "waived")
    return { state: "Passed", message: "a rollback needs no approval here" };
  const { required, counted, ignored } = countApprovals(gate, promotion);
  const by = counted.length === 0 ? "" : ` by ${counted.join(", ")}`;
  if (counted.length >= required) return { state: "Passed", message: `approved${by}` };
  const { plan } = promotion.status;
  if (plan === undefined) return { state: "Waiting", message: "waits for the plan, which approvals name" };
  const notCounted = ignored.map(({ username, reason }) => `an approval by ${username} ${reason}`);
  const may = [...users, ...groups.map((group) => `members of ${group}`)];
  const who = may.length === 0 ? "everyone with the right approve" : may.join(", ");
  const message = [
    `${counted.length} of ${required} approvals${by}`,
    ...notCounted.slice(0, 5),
    `may be given by ${who}, but not by whoever asked for it or is an author of its commits`,
    `see it with: mooring promotion plan ${promotion.name}, and approve it with: mooring promotion approve ${promotion.name}`,
  ].join("; ");
  return { state: "Waiting", message };
}

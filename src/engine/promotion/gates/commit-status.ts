import type { Gate } from "#core/promotion/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { boundText } from "./bound-text.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

const checkAgainMs = 30_000;

/** What others say of the revision that is promoted. */
export async function evaluateCommitStatus(gate: Gate, context: GateContext): Promise<GateOutcome> {
  const { ports, promotion, signal } = context;
  const { context: name = "" } = gate.spec.commitStatus ?? {};
  if (ports.forge === undefined)
    return {
      state: "Failed",
      message: "there is no forge to ask for commit statuses; set spec.forge of the Pipeline",
    };
  const { revision } = promotion.spec;
  const commit = revision.slice(0, 7);
  try {
    const statuses = await ports.forge.statuses(revision, signal);
    const found = statuses.find((status) => status.context === name);
    if (found === undefined) {
      const others = [...new Set(statuses.map((status) => status.context))].slice(0, 5);
      const seen = others.length === 0 ? "" : `; there are ${boundText(others.join(", "))}`;
      return waiting(`waits for status ${name} of ${commit}, which nobody has reported${seen}`);
    }
    const said = found.description === undefined ? "" : ` (${boundText(found.description)})`;
    const what = `status ${name} of ${commit} is ${found.state}${said}`;
    if (found.state === "success") return { state: "Passed", message: what };
    if (found.state === "pending") return waiting(what);
    return { state: "Failed", message: `${what}; mend it and promote again` };
  } catch (error) {
    if (!isMooringError(error) || error.retry !== "backoff") throw error;
    return waiting(`waits for status ${name} of ${commit}: ${boundText(error.message)}`);
  }
}

function waiting(message: string): GateOutcome {
  return { state: "Waiting", message, checkAgainMs };
}

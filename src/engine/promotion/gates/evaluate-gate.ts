import type { MooringError } from "#core/errors/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import { evaluateApprovals } from "./approvals.ts";
import { evaluateCommitStatus } from "./commit-status.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";
import { boundText } from "./bound-text.ts";
import { evaluateJob } from "./job.ts";
import { evaluatePrometheus } from "./prometheus.ts";
import { evaluateSoak } from "./soak.ts";
import { withinTime } from "./time-bound.ts";
import { evaluateWebhook } from "./webhook.ts";
import { evaluateWindow } from "./window.ts";

const retryMs = 30_000;

/** Where a gate stands now. Throws AbortError, and what is a bug. */
export async function evaluateGate(gate: Gate, context: GateContext): Promise<GateOutcome> {
  return withinTime(gate, context, await evaluateKnown(gate, context));
}

async function evaluateKnown(gate: Gate, context: GateContext): Promise<GateOutcome> {
  try {
    return await evaluateKind(gate, context);
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    return outcomeOf(error, context);
  }
}

/** A Secret that is missing may be made, and what is down comes back: nothing of that says no. */
function outcomeOf(error: MooringError, { before }: GateContext): GateOutcome {
  const message = boundText(error.message);
  const isOver = error.retry === "never" && error.code !== "CONFIG_NOT_FOUND";
  if (isOver) return { state: "Failed", message };
  return { state: "Waiting", message, checkAgainMs: retryMs, notes: before?.notes };
}

async function evaluateKind(gate: Gate, context: GateContext): Promise<GateOutcome> {
  switch (gate.kind) {
    case "soak":
      return evaluateSoak(gate, context);
    case "approvals":
      return evaluateApprovals(gate, context);
    case "window":
      return evaluateWindow(gate, context);
    case "commitStatus":
      return await evaluateCommitStatus(gate, context);
    case "webhook":
      return await evaluateWebhook(gate, context);
    case "prometheus":
      return await evaluatePrometheus(gate, context);
    case "job":
      return await evaluateJob(gate, context);
    default:
      throw new Error(`unknown gate: ${JSON.stringify(gate.kind satisfies never)}`);
  }
}

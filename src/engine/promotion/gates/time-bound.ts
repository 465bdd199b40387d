import { formatDuration } from "#core/sync/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

/** A gate that waited for too long has failed, whatever it waits for; one that waits is looked at again then at the latest. */
export function withinTime(
  gate: Gate,
  context: Pick<GateContext, "sinceMs" | "clock" | "promotion">,
  outcome: GateOutcome,
): GateOutcome {
  if (outcome.state !== "Waiting") return outcome;
  const leftMs = context.sinceMs + gate.timeoutMs - context.clock.now();
  if (leftMs > 0) return { ...outcome, checkAgainMs: Math.min(outcome.checkAgainMs ?? leftMs, leftMs) };
  const since = formatTime(context.sinceMs);
  const fix = `promote ${context.promotion.spec.revision.slice(0, 7)} again, or give the gate more time by its field timeout`;
  return {
    state: "Failed",
    message: `gate ${gate.name} waited since ${since}, longer than its timeout of ${formatDuration(gate.timeoutMs)}: ${outcome.message}; ${fix}`,
  };
}

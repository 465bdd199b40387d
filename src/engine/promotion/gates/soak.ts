import type { Gate } from "#core/promotion/index.ts";
import { formatDuration, parseDuration } from "#core/sync/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

/** The revision has been healthy for so long without a break. */
export function evaluateSoak(gate: Gate, { healthySinceMs, clock }: GateContext): GateOutcome {
  const { soak = "0s" } = gate.spec;
  const soakMs = parseDuration(soak);
  if (healthySinceMs === undefined)
    return {
      state: "Waiting",
      message: `waits until it is healthy, and has been for ${formatDuration(soakMs)}`,
    };
  const leftMs = healthySinceMs + soakMs - clock.now();
  const since = formatTime(healthySinceMs);
  if (leftMs <= 0) return { state: "Passed", message: `healthy since ${since}` };
  const message = `healthy since ${since}, and has to be for ${formatDuration(soakMs)}: until ${formatTime(healthySinceMs + soakMs)}`;
  return { state: "Waiting", message, checkAgainMs: leftMs };
}

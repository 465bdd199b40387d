import type { Gate } from "#core/promotion/index.ts";
import { windowState } from "#core/windows/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

/** A time in which promotions go on, or one in which they do not. */
export function evaluateWindow({ spec }: Gate, { clock }: Pick<GateContext, "clock">): GateOutcome {
  const { window } = spec;
  const nowMs = clock.now();
  const state = window === undefined ? undefined : windowState(window, nowMs);
  if (window === undefined || state === undefined)
    return { state: "Failed", message: "its window cannot be read; correct spec.stages[].gates[].window" };
  const { kind, schedule, duration, timeZone = "UTC" } = window;
  const what = `${kind} "${schedule}" for ${duration} (${timeZone})`;
  const turns = state.turnsMs === undefined ? "no change is in sight" : `until ${formatTime(state.turnsMs)}`;
  if (state.isOpen === (kind === "allow")) return { state: "Passed", message: `${what} permits it` };
  return {
    state: "Waiting",
    message: `${what} does not permit it, ${turns}`,
    ...(state.turnsMs === undefined ? {} : { checkAgainMs: state.turnsMs - nowMs }),
  };
}

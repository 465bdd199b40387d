import type { FoundCondition, Operation, OperationState } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import type { PlacedWindow } from "#core/windows/index.ts";
import {
  explainBlocked,
  formatHeld,
  mayGoOn,
  nextVerdictAt,
  refuseByWindow,
  verdictAt,
} from "#core/windows/index.ts";
import { viewWait } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { formatTime } from "#runtime/clock.ts";
import type { AppState, RunningOperation } from "./state.ts";

/** Alarms may ring a moment early, and would find the window as it was. */
const marginMs = 10;
/** What a timer can hold. */
const longestWaitMs = 20 * 86_400_000;

/** How long until the windows say something else. */
export function waitForWindows(atMs: number, nowMs: number): number {
  return Math.min(Math.max(atMs - nowMs, 0) + marginMs, longestWaitMs);
}

/** Has the application looked at again when its windows say something else, because something waits for that. */
export function awaitWindows(state: AppState, windows: readonly PlacedWindow[], nowMs: number): void {
  state.windowsAtMs = nextVerdictAt(windows, nowMs);
}

/** Why an automated sync may not begin now; undefined when it may. */
export function automatedBlock(
  { key, windows }: AppContext,
  state: AppState,
  nowMs: number,
): FoundCondition | undefined {
  if (verdictAt(windows, nowMs).automated) return undefined;
  awaitWindows(state, windows, nowMs);
  const reason = explainBlocked(windows, "automated", { nowMs, formatTime });
  return {
    type: "SyncWindowWarning",
    message: `${formatAppKey(key)}: automated sync is blocked by sync window: ${reason}`,
  };
}

/** A dry run changes nothing. */
function isHeeded({ sync }: Operation): boolean {
  return sync?.dryRun !== true;
}

/** The end of an operation that may not begin now; undefined when it may. */
export function refusal(operation: Operation, { windows }: AppContext, nowMs: number): string | undefined {
  const verdict = verdictAt(windows, nowMs);
  const permitted = operation.initiatedBy?.automated === true ? verdict.automated : verdict.manual;
  if (permitted || !isHeeded(operation)) return undefined;
  return refuseByWindow(windows, { nowMs, formatTime });
}

/** Whether an operation that was begun may not go on now. */
function isClosedOn(
  operation: Operation,
  { windows }: AppContext,
  at: { readonly nowMs: number; readonly startedAtMs: number },
): boolean {
  const manual = operation.initiatedBy?.automated !== true;
  return isHeeded(operation) && !mayGoOn(windows, at.nowMs, { startedAtMs: at.startedAtMs, manual });
}

/** Stops what a running operation does when a window has closed on it; it goes on when one opens. */
export function holdByWindows(running: RunningOperation, context: AppContext, nowMs: number): void {
  const { operation, startedAtMs } = running;
  if (isClosedOn(operation, context, { nowMs, startedAtMs })) running.hold.abort();
}

/** True for an automated sync that waits for its turn, while none may begin any more. */
export function missedItsWindow(running: RunningOperation, { windows }: AppContext, nowMs: number): boolean {
  return running.automated && !running.recorded && !verdictAt(windows, nowMs).automated;
}

/** What the status says of an operation that was begun and may not go on now; undefined when it may. */
export function heldState(
  operation: Operation,
  context: AppContext,
  { said, nowMs }: { readonly said: OperationState; readonly nowMs: number },
): OperationState | undefined {
  const startedAtMs = Date.parse(said.startedAt);
  if (!isClosedOn(operation, context, { nowMs, startedAtMs })) return undefined;
  const kind = operation.initiatedBy?.automated === true ? "automated" : "manual";
  const reason = explainBlocked(context.windows, kind, { nowMs, formatTime });
  return { ...said, phase: "Running", message: formatHeld(reason, viewWait(said.message ?? "")) };
}

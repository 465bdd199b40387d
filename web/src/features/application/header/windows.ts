import type { AnswerOf } from "../../../lib/api/index.ts";
import { formatMoment } from "../../../lib/format.ts";

export type SyncWindows = AnswerOf<"application", "getApplicationSyncWindows">;
export type SyncWindow = NonNullable<SyncWindows["assignedWindows"]>[number];

/** The windows that forbid automated syncs now: those that deny, or the ones that allow of which none is open. */
export function blockingWindows(windows: SyncWindows | undefined): readonly SyncWindow[] {
  const { activeWindows = [], assignedWindows = [] } = windows ?? {};
  const denying = activeWindows.filter(({ kind }) => kind === "deny");
  if (denying.length > 0) return denying;
  if (activeWindows.some(({ kind }) => kind === "allow")) return [];
  return assignedWindows.filter(({ kind }) => kind === "allow");
}

/** Such as `deny "0 22 * * *" for 1h`. */
export function formatWindow({ kind = "", schedule = "", duration = "" }: SyncWindow): string {
  return `${kind} "${schedule}" for ${duration}`;
}

const soonMs = 86_400_000;

/** Until when a window forbids syncs, such as ` until 14:00 (in 2 h)`; empty where no end is in sight. */
export function formatUntil(at: string | undefined, nowMs: number): string {
  return at === undefined ? "" : ` until ${formatMoment(at, nowMs)}`;
}

/** When automated syncs that are permitted will not be any more, where that is soon. */
export function formatClosing(windows: SyncWindows | undefined, nowMs: number): string {
  const { automatedTurnsAt: at } = windows ?? {};
  if (at === undefined || blockingWindows(windows).length > 0) return "";
  if (new Date(at).getTime() - nowMs > soonMs) return "";
  return `, until a sync window forbids that from ${formatMoment(at, nowMs)} on`;
}

import type { AnswerOf } from "../../../lib/api/index.ts";

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

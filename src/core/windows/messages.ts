import type { PlacedWindow, Verdict } from "./verdict.ts";
import { turnsAt, verdictAt } from "./verdict.ts";
import type { WindowSpec } from "./window.ts";

export interface BlockedAt {
  readonly nowMs: number;
  /** RFC 3339. */
  readonly formatTime: (ms: number) => string;
}

const refused = "cannot sync: blocked by sync window: ";
const heldAt = "sync operation blocked by sync window: ";
const before = ". Before that: ";

/** `deny "0 22 * * *" for 1h (Europe/Berlin)`. */
function describeWindow({ kind = "", schedule = "", duration = "", timeZone = "" }: WindowSpec): string {
  return `${kind} "${schedule}" for ${duration}${timeZone === "" ? "" : ` (${timeZone})`}`;
}

/** Why no sync may begin, and from when on one may. */
export function explainBlocked(
  windows: readonly PlacedWindow[],
  kind: "automated" | "manual",
  { nowMs, formatTime }: BlockedAt,
): string {
  const opens = turnsAt(windows, nowMs, kind);
  const until = opens === undefined ? "no opening is in sight" : `opens at ${formatTime(opens)}`;
  return `${reasonOf(verdictAt(windows, nowMs))}; ${until}`;
}

function reasonOf({ blocking }: Verdict): string {
  const [first, ...more] = blocking;
  if (first === undefined) return "none";
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  const named = `${describeWindow(first.window.spec)}, ${first.place}${others}`;
  return first.window.kind === "deny" ? `${named}, is active` : `no allow window is active: ${named}`;
}

/** The end of an operation that somebody asked for while the windows forbid it. */
export function refuseByWindow(windows: readonly PlacedWindow[], at: BlockedAt): string {
  return `${refused}${explainBlocked(windows, "manual", at)}; wait until then, or set manualSync: true in that window`;
}

/** True for the message of an operation that was refused so, and therefore tried nothing. */
export function isRefusedByWindow(message: string | undefined): boolean {
  return message?.startsWith(refused) === true;
}

/** What the status of an operation says while a window that closed holds it; what it said before stays behind it. */
export function formatHeld(reason: string, message: string | undefined): string {
  const said = unheld(message);
  return `${heldAt}${reason}${said === "" ? "" : `${before}${said}`}`;
}

function unheld(message = ""): string {
  if (!message.startsWith(heldAt)) return message;
  const at = message.indexOf(before);
  return at < 0 ? "" : message.slice(at + before.length);
}

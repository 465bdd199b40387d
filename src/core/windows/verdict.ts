import type { SyncWindow } from "./window.ts";
import { isActive, nextTurn } from "./window.ts";

/** A window and where it is written. */
export interface PlacedWindow {
  readonly window: SyncWindow;
  /** `spec.syncWindows[0] of AppProject shop`. */
  readonly place: string;
}

/** What the windows of an application say at one moment. */
export interface Verdict {
  /** The active deny windows, or the allow windows none of which is active; empty when automated syncs may begin. */
  readonly blocking: readonly PlacedWindow[];
  readonly automated: boolean;
  readonly manual: boolean;
}

/** Moments looked at, at most, to find when something changes. */
const maxTurns = 500;

/**
 * Whether syncs may begin. An active deny window forbids them; where there are allow windows, one must be active. People are let through
 * when every window that blocks says `manualSync`.
 */
export function verdictAt(windows: readonly PlacedWindow[], ms: number): Verdict {
  const blocking = blockingAt(windows, ms);
  const automated = blocking.length === 0;
  return { blocking, automated, manual: automated || blocking.every(({ window }) => window.manualSync) };
}

function blockingAt(windows: readonly PlacedWindow[], ms: number): readonly PlacedWindow[] {
  const active = windows.filter(({ window }) => isActive(window, ms));
  const denying = active.filter(({ window }) => window.kind === "deny");
  if (denying.length > 0) return denying;
  if (active.some(({ window }) => window.kind === "allow")) return [];
  return windows.filter(({ window }) => window.kind === "allow");
}

export interface OngoingSync {
  readonly startedAtMs: number;
  readonly manual: boolean;
}

/**
 * Whether a sync that runs may go on: one could begin now, or it was permitted when it began and every window that blocks now says
 * `syncOverrun`.
 */
export function mayGoOn(windows: readonly PlacedWindow[], ms: number, sync: OngoingSync): boolean {
  const now = verdictAt(windows, ms);
  const permits = (verdict: Verdict) => (sync.manual ? verdict.manual : verdict.automated);
  if (permits(now)) return true;
  return (
    now.blocking.every(({ window }) => window.syncOverrun) && permits(verdictAt(windows, sync.startedAtMs))
  );
}

/** The next moment at which the windows say something else; undefined when none is in sight. */
export function nextVerdictAt(windows: readonly PlacedWindow[], ms: number): number | undefined {
  const before = keyOf(windows, verdictAt(windows, ms));
  return findTurn(windows, ms, (at) => keyOf(windows, verdictAt(windows, at)) !== before);
}

/** The next moment at which a sync may begin that may not now, or may not that may now; undefined when none is in sight. */
export function turnsAt(
  windows: readonly PlacedWindow[],
  ms: number,
  kind: "automated" | "manual",
): number | undefined {
  const before = verdictAt(windows, ms)[kind];
  return findTurn(windows, ms, (at) => verdictAt(windows, at)[kind] !== before);
}

function keyOf(windows: readonly PlacedWindow[], { blocking, manual }: Verdict): string {
  return JSON.stringify([manual, blocking.map((one) => windows.indexOf(one))]);
}

function findTurn(
  windows: readonly PlacedWindow[],
  fromMs: number,
  isFound: (ms: number) => boolean,
): number | undefined {
  const turns = new Map(windows.map((one) => [one, nextTurn(one.window, fromMs)]));
  for (let i = 0; i < maxTurns; i += 1) {
    const at = Math.min(...[...turns.values()].map((turn) => turn ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(at)) return undefined;
    if (isFound(at)) return at;
    for (const [one, turn] of turns) if (turn === at) turns.set(one, nextTurn(one.window, at));
  }
  return undefined;
}

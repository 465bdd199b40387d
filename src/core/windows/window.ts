import { messageOf } from "#core/errors/index.ts";
import { parseGlob } from "#core/project/glob.ts";
import { parseDuration } from "#core/sync/duration.ts";
import type { Cron } from "#core/cron/index.ts";
import { lastFire, nextFire, parseCron } from "#core/cron/index.ts";
import type { Zone } from "./zone.ts";
import { findZone } from "./zone.ts";

/** An item of a project's `spec.syncWindows`, as it is written. */
export interface WindowSpec {
  readonly kind?: string;
  readonly schedule?: string;
  readonly duration?: string;
  readonly timeZone?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly andOperator?: boolean;
  readonly manualSync?: boolean;
  readonly syncOverrun?: boolean;
  readonly description?: string;
}

/** A window whose times are understood. */
export interface SyncWindow {
  readonly kind: "allow" | "deny";
  readonly manualSync: boolean;
  readonly syncOverrun: boolean;
  readonly spec: WindowSpec;
  readonly cron: Cron;
  readonly durationMs: number;
  readonly zone: Zone;
}

/** A field of a window that cannot be kept; the path starts at the window. */
export interface WindowProblem {
  readonly field: string;
  readonly message: string;
}

const minuteMs = 60_000;
/** The longest that Argo CD can read. */
const maxDurationMs = 2_562_047 * 3_600_000;
/** Fires that run into each other are followed so far; then the window counts as one that never closes. */
const maxFires = 1_500;
/** Changes of the clocks that are followed: more than come in the longest wait for a leap day. */
const maxShifts = 100;

/** Reads a window; nothing of it is guessed. */
export function parseWindow(
  spec: WindowSpec,
): { readonly window: SyncWindow } | { readonly problems: readonly WindowProblem[] } {
  const problems: WindowProblem[] = [];
  const { kind = "", schedule = "", timeZone = "" } = spec;
  if (kind !== "allow" && kind !== "deny") {
    problems.push({ field: "kind", message: `is ${quote(kind)}; write allow or deny` });
  }
  const parsed = parseCron(schedule);
  if (!parsed.ok) problems.push({ field: "schedule", message: `is ${quote(schedule)}: ${parsed.problem}` });
  const durationMs = readDuration(spec.duration ?? "", problems);
  const zone = findZone(timeZone);
  if (zone === undefined) {
    const message = `is ${quote(timeZone)}, which is no time zone; write an IANA name such as Europe/Berlin`;
    problems.push({ field: "timeZone", message });
  }
  problems.push(...globProblems(spec));
  const isKind = kind === "allow" || kind === "deny";
  if (problems.length > 0 || !parsed.ok || zone === undefined || !isKind) return { problems };
  const { manualSync = false, syncOverrun = false } = spec;
  return { window: { kind, manualSync, syncOverrun, spec, cron: parsed.cron, durationMs, zone } };
}

function quote(text: string): string {
  return text.length > 60 ? `${JSON.stringify(text.slice(0, 60))}…` : JSON.stringify(text);
}

function readDuration(text: string, problems: WindowProblem[]): number {
  const fix = "write it like 30m, 1h or 8h30m";
  // A number alone is seconds elsewhere; Argo CD refuses it here.
  if (/^\d*$/u.test(text.trim())) {
    problems.push({ field: "duration", message: `is ${quote(text)}, which is no duration; ${fix}` });
    return 0;
  }
  try {
    const ms = parseDuration(text);
    if (ms > 0 && ms <= maxDurationMs) return ms;
    const message = `is ${quote(text)}, which is ${ms > 0 ? "longer than 2562047h" : "not longer than 0"}; ${fix}`;
    problems.push({ field: "duration", message });
  } catch (error) {
    problems.push({ field: "duration", message: `is no duration: ${messageOf(error)}` });
  }
  return 0;
}

function globProblems(spec: WindowSpec): readonly WindowProblem[] {
  return (["applications", "namespaces", "clusters"] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((pattern, i) => {
      const { problem } = parseGlob(pattern);
      if (problem === undefined) return [];
      return [{ field: `${list}[${i}]`, message: `is not a glob: ${problem}; correct the pattern` }];
    }),
  );
}

/**
 * Whether a window is open. It reads the clocks of its time zone, as Argo CD does: `0 22 * * *` for 8 h is from 22:00 to 06:00 there on
 * every day of the year, one hour shorter or longer where the clocks are put forward or back in between. A start that the clocks leap
 * over opens the window when they have leapt, and one that comes twice opens it twice.
 */
export function isActive({ cron, durationMs, zone }: SyncWindow, ms: number): boolean {
  const wall = ms + zone.offsetAt(ms);
  const fire = lastFire(cron, Math.floor(wall / minuteMs));
  return fire !== undefined && wall < fire * minuteMs + durationMs;
}

/** The next moment at which the window opens, if it is closed now, or closes; undefined when none is in sight. */
export function nextTurn(window: SyncWindow, ms: number): number | undefined {
  const { zone } = window;
  const active = isActive(window, ms);
  let at = ms;
  for (let i = 0; i < maxShifts; i += 1) {
    const offset = zone.offsetAt(at);
    const wall = at + offset;
    const turnWall = active ? endOf(window, wall) : startAfter(window, wall);
    if (turnWall === undefined) return undefined;
    const turn = turnWall - offset;
    const shift = zone.nextShift(at, turn);
    if (shift === undefined || shift >= turn) return turn;
    if (isActive(window, shift) !== active) return shift;
    at = shift;
  }
  return undefined;
}

function startAfter({ cron }: SyncWindow, wall: number): number | undefined {
  const fire = nextFire(cron, Math.floor(wall / minuteMs) + 1);
  return fire === undefined ? undefined : fire * minuteMs;
}

/** When the clocks show the end of an open window, with the fires that keep it open. */
function endOf({ cron, durationMs }: SyncWindow, wall: number): number | undefined {
  let end = wall;
  for (let i = 0; i < maxFires; i += 1) {
    const fire = lastFire(cron, Math.floor(end / minuteMs));
    const fireEnd = (fire ?? Number.NEGATIVE_INFINITY) * minuteMs + durationMs;
    if (fireEnd <= end) return end;
    end = fireEnd;
  }
  return undefined;
}

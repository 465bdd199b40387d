import type { WindowSpan, Zone } from "../../../lib/shared.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** A part of a span that is within one day, in minutes of what the clocks show. */
interface Block {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly span: WindowSpan;
}

export interface Day {
  /** Midnight of the day as if its clocks were UTC's, to be formatted as UTC. */
  readonly wallMs: number;
  readonly blocks: readonly Block[];
}

/** Midnight at the beginning of the week (Monday) of a moment, by the clocks of a place, as if they were UTC's. */
export function weekOf(ms: number, zone: Zone): number {
  const day = Math.floor((ms + zone.offsetAt(ms)) / dayMs);
  // 1 January 1970 was a Thursday.
  return (day - ((((day + 3) % 7) + 7) % 7)) * dayMs;
}

/** The moment at which the clocks of a place show a time; the later one where they show it twice. */
export function momentOf(wallMs: number, zone: Zone): number {
  const guess = wallMs - zone.offsetAt(wallMs);
  return wallMs - zone.offsetAt(guess);
}

/** The seven days from a midnight on, with what of the spans is in each. A night in which clocks are changed has the hours that they show. */
export function layOutWeek(spans: readonly WindowSpan[], firstWallMs: number, zone: Zone): readonly Day[] {
  const walls = spans.map((span) => {
    const from = span.startMs + zone.offsetAt(span.startMs);
    // Where clocks are put back within it, its end may seem to come before its start.
    const to = Math.max(from + minuteMs, span.endMs + zone.offsetAt(span.endMs));
    return { span, from, to };
  });
  return Array.from({ length: 7 }, (_, i) => {
    const wallMs = firstWallMs + i * dayMs;
    const blocks = walls
      .filter(({ from, to }) => from < wallMs + dayMs && to > wallMs)
      .map(({ span, from, to }) => ({
        fromMinute: Math.max(0, Math.floor((from - wallMs) / minuteMs)),
        toMinute: Math.min(1_440, Math.ceil((to - wallMs) / minuteMs)),
        span,
      }));
    return { wallMs, blocks };
  });
}

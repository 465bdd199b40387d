import type { SyncWindow, WindowProblem, WindowSpec } from "./window.ts";
import { isActive, nextTurn, parseWindow } from "./window.ts";

/** A time in which a window is open, in Unix milliseconds; the end is not in it. */
export interface WindowSpan {
  readonly startMs: number;
  readonly endMs: number;
}

export interface WindowSpans {
  /** In order, without overlaps. */
  readonly spans: readonly WindowSpan[];
  /** Whether there are more, which begin after the last one's end. */
  readonly isCutOff: boolean;
}

/** More than a person can read of a week. */
const maxSpans = 400;

/** When a window is open from one moment until another; what is wrong with it, if it cannot be kept. */
export function windowSpans(
  spec: WindowSpec,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): WindowSpans | { readonly problems: readonly WindowProblem[] } {
  const read = parseWindow(spec);
  return "problems" in read ? read : spansOf(read.window, fromMs, toMs);
}

function spansOf(window: SyncWindow, fromMs: number, toMs: number): WindowSpans {
  const spans: WindowSpan[] = [];
  let at = isActive(window, fromMs) ? fromMs : nextTurn(window, fromMs);
  while (at !== undefined && at < toMs) {
    if (spans.length === maxSpans) return { spans, isCutOff: true };
    const end = nextTurn(window, at) ?? toMs;
    spans.push({ startMs: at, endMs: Math.min(end, toMs) });
    at = end >= toMs ? undefined : nextTurn(window, end);
  }
  return { spans, isCutOff: false };
}

/** Whether a window is open, and when that changes next; undefined when it cannot be kept, or no change is in sight. */
export function windowState(
  spec: WindowSpec,
  nowMs: number,
): { readonly isOpen: boolean; readonly turnsMs: number | undefined } | undefined {
  const read = parseWindow(spec);
  if ("problems" in read) return undefined;
  return { isOpen: isActive(read.window, nowMs), turnsMs: nextTurn(read.window, nowMs) };
}

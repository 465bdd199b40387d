import type { Delivery } from "./timeline-query.ts";

export const steps = ["seen", "rendered", "started", "applied", "healthy"] as const;
export type Step = (typeof steps)[number];

export interface Span {
  readonly step: Step;
  /** In milliseconds, since the step before it. */
  readonly ms: number;
}

/** What each step is, in words; the first is counted from the commit. */
export const stepLabels: Readonly<Record<Step, string>> = {
  seen: "Waiting to be seen",
  rendered: "Rendering and comparing",
  started: "Waiting to begin",
  applied: "Applying",
  healthy: "Becoming healthy",
};

/**
 * How long each step took, of those that came to pass. Times of an operation are whole seconds, so that a step may seem to end before it
 * began: then it took no time. A commit that is older than the application is no beginning of a way to it.
 */
export function spansOf(delivery: Delivery, committed: string | undefined): readonly Span[] {
  let before = committed === undefined ? Number.NaN : Date.parse(committed);
  const spans: Span[] = [];
  for (const step of steps) {
    const at = Date.parse(delivery[step] ?? "");
    if (Number.isNaN(at)) continue;
    if (!Number.isNaN(before)) spans.push({ step, ms: Math.max(0, at - before) });
    before = Number.isNaN(before) ? at : Math.max(before, at);
  }
  return spans;
}

/** The step that took longest, when it took more than half of the way. */
export function slowestOf(spans: readonly Span[]): Span | undefined {
  const total = spans.reduce((sum, { ms }) => sum + ms, 0);
  return spans.find(({ ms }) => ms > 1_000 && ms > total / 2);
}

/** How far a revision has come, in a word. */
export function outcomeOf({
  healthy,
  applied,
  failed,
  started,
}: Delivery): "healthy" | "applied" | "failed" | "waiting" {
  if (failed !== undefined && (applied === undefined || failed > applied)) return "failed";
  if (healthy !== undefined) return "healthy";
  return applied !== undefined || started !== undefined ? "applied" : "waiting";
}

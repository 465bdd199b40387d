import { formatDuration } from "../../lib/format.ts";

/** What the states of a line are called. */
export const stateLabels: Readonly<Record<string, string>> = {
  unchanged: "Not changed by it",
  absent: "Not there",
  waiting: "Waiting",
  applying: "Being applied",
  failed: "Failed",
  applied: "Applied",
  healthy: "Healthy",
  degraded: "Degraded",
  replaced: "No more there",
  unknown: "Unknown",
};

type Step = "committed" | "seen" | "rendered" | "started" | "applied" | "healthy";
type Times = Readonly<Partial<Record<Step, string>>>;

const words = {
  seen: "seen",
  rendered: "rendered",
  started: "begun",
  applied: "applied",
  healthy: "healthy",
} as const;

/** How long each step took after the one before: `seen after 40 s, rendered after 200 ms`. */
export function timesOf(delivery: Times): string {
  let before = Date.parse(delivery.committed ?? "");
  const told: string[] = [];
  for (const step of ["seen", "rendered", "started", "applied", "healthy"] as const) {
    const at = Date.parse(delivery[step] ?? "");
    if (Number.isNaN(at)) continue;
    if (!Number.isNaN(before)) told.push(`${words[step]} after ${formatDuration(at - before)}`);
    // The times of an operation are whole seconds.
    before = Number.isNaN(before) ? at : Math.max(before, at);
  }
  return told.join(", ");
}

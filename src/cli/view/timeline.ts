import type { Delivery, Drift, Timeline } from "#api/contract/gen/mooring/timeline_pb.ts";
import type { ShapeOf } from "#api/contract/shape.ts";
import { formatRevisions } from "#core/app/index.ts";
import { formatTable } from "../output/table.ts";
import { formatMoment } from "./app-view.ts";

const ends: Readonly<Record<string, string>> = {
  "self-heal": "undone by a self-heal",
  sync: "undone by a sync",
  elsewhere: "changed back",
  "changed-again": "changed again",
  git: "Git wants something else",
};

/** What happened to an application, as two tables. */
export function formatTimeline({ drifts = [], deliveries = [] }: ShapeOf<Timeline>): string {
  const drifted = drifts.map((drift) => [
    formatMoment(drift.began),
    `${drift.kind ?? ""}/${drift.namespace ?? ""}/${drift.name ?? ""}`.replace("//", "/"),
    whatOf(drift),
    endOf(drift),
  ]);
  const delivered = deliveries.map((delivery) => rowOf(delivery));
  return [
    drifts.length === 0
      ? "Nothing was changed behind Git's back.\n"
      : formatTable([["CHANGED", "OBJECT", "WHAT", "END"], ...drifted]),
    deliveries.length === 0
      ? "No revision was delivered yet.\n"
      : formatTable([["REVISION", "SEEN", "RENDERED", "STARTED", "APPLIED", "HEALTHY", ""], ...delivered]),
  ].join("\n");
}

function whatOf({ what, fields = [], moreFields = 0 }: ShapeOf<Drift>): string {
  if (what === "missing") return "was deleted";
  if (what === "extra") return "left Git and came back";
  const shown = fields.map(({ path = "", manager, live, desired }) => {
    const change =
      live === undefined && desired === undefined ? "" : `: ${live ?? "none"} for ${desired ?? "none"}`;
    return `${path}${change}${manager === undefined ? "" : ` by ${manager}`}`;
  });
  return [...shown, ...(moreFields > 0 ? [`and ${moreFields} more fields`] : [])].join("; ");
}

function endOf({ began, ended, end = "" }: ShapeOf<Drift>): string {
  if (ended === undefined) return "lasts";
  return `${ends[end] ?? end} after ${secondsBetween(began, ended)}`;
}

/** When it was seen, and how long each step after that took. */
function rowOf(delivery: ShapeOf<Delivery>): readonly string[] {
  const { revisions = [], seen, rendered, started, applied, healthy, failed } = delivery;
  const steps = [rendered, started, applied, healthy];
  let before = seen;
  const cells = steps.map((time) => {
    if (time === undefined) return "-";
    const cell = before === undefined ? formatMoment(time) : `+${secondsBetween(before, time)}`;
    before = time;
    return cell;
  });
  const note =
    failed !== undefined && (applied === undefined || failed > applied)
      ? `failed ${formatMoment(failed)}`
      : "";
  return [formatRevisions(revisions), seen === undefined ? "-" : formatMoment(seen), ...cells, note];
}

function secondsBetween(from: string | undefined, to: string): string {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from ?? to)) / 1_000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

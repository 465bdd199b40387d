import type { DeliveryFigures, Figures, Spread } from "#api/contract/gen/mooring/trace_pb.ts";
import type { ShapeOf } from "#api/contract/shape.ts";
import { formatTable } from "../output/table.ts";
import { formatMoment } from "./app-view.ts";
import { formatSpan } from "./span.ts";

const head = ["DELIVERIES", "PER DAY", "LEAD TIME", "90 %", "FAILED", "RESTORED IN", "90 %", ""] as const;

/** The four figures of each application, each project, and all of them. */
export function formatFigures({
  since,
  until,
  applications = [],
  projects = [],
  total = {},
}: ShapeOf<DeliveryFigures>): string {
  const applicationsOf = applications.map((one) => [
    `${one.appNamespace ?? ""}/${one.name ?? ""}`,
    one.project ?? "",
    ...cellsOf(one),
  ]);
  const projectsOf = projects.map((one) => [one.project ?? "", ...cellsOf(one)]);
  return [
    `From ${formatMoment(since)} to ${formatMoment(until)}\n\n`,
    formatTable([["APPLICATION", "PROJECT", ...head], ...applicationsOf]),
    "\n",
    formatTable([["PROJECT", ...head], ...projectsOf, ["all", ...cellsOf(total)]]),
  ].join("");
}

function cellsOf(figures: ShapeOf<Figures>): readonly string[] {
  const { deliveries = 0, deploymentsPerDay = 0, failures = 0, failureRate, open = 0, few = false } = figures;
  const notes = [...(open > 0 ? [`${open} not restored yet`] : []), ...(few ? ["few deliveries"] : [])];
  return [
    String(deliveries),
    deliveries === 0 ? "-" : deploymentsPerDay.toFixed(2),
    ...spreadOf(figures.leadTime),
    failureRate === undefined ? "-" : `${Math.round(failureRate * 100)} % (${failures})`,
    ...spreadOf(figures.restoreTime),
    notes.join(", "),
  ];
}

function spreadOf(spread: ShapeOf<Spread> | undefined): readonly string[] {
  if (spread === undefined) return ["-", "-"];
  const { medianMs = 0, p90Ms = 0, count = 0 } = spread;
  return [`${formatSpan(medianMs)} (n ${count})`, formatSpan(p90Ms)];
}

import { Link } from "@tanstack/react-router";
import { formatDuration } from "../../lib/format.ts";
import type { Column } from "../settings/parts/data-table.tsx";
import { DataTable } from "../settings/parts/data-table.tsx";
import type { Figures } from "./sort-figures.ts";
import { formatFrequency, formatRate } from "./sort-figures.ts";

/** The four figures of each application, with the way to its deliveries. */
export function FiguresTable({ rows }: { readonly rows: readonly Figures[] }) {
  return (
    <DataTable
      label="Figures of applications"
      columns={columns}
      rows={rows}
      keyOf={({ appNamespace = "", name = "" }) => `${appNamespace}/${name}`}
    />
  );
}

const columns: readonly Column<Figures>[] = [
  {
    name: "Application",
    cell: ({ name = "", appNamespace: namespace = "" }) => (
      <Link to="/applications/$namespace/$name" params={{ namespace, name }} search={{ view: "delivery" }}>
        {name}
      </Link>
    ),
  },
  { name: "Project", cell: ({ project }) => project },
  { name: "Lead time", cell: ({ leadTime }) => <Span spread={leadTime} /> },
  { name: "Frequency", cell: ({ deploymentsPerDay }) => formatFrequency(deploymentsPerDay) },
  {
    name: "Failed",
    cell: ({ failureRate, failures = 0 }) =>
      failureRate === undefined ? "–" : `${formatRate(failureRate)} (${failures})`,
  },
  { name: "Restored in", cell: ({ restoreTime }) => <Span spread={restoreTime} /> },
  {
    name: "Deliveries",
    cell: ({ deliveries = 0, few = false }) => (
      <div>
        {deliveries} {few && deliveries > 0 && <span className="muted">few</span>}
      </div>
    ),
    look: "shrink",
  },
];

function Span({ spread }: { readonly spread: Figures["leadTime"] }) {
  if (spread === undefined) return "–";
  const { medianMs = 0, p90Ms = 0, count = 0 } = spread;
  return (
    <div>
      {formatDuration(medianMs)}{" "}
      <span
        className="muted"
        title={`The median of ${count}; nine of ten took no longer than ${formatDuration(p90Ms)}`}
      >
        n {count}
      </span>
    </div>
  );
}

import { Link } from "@tanstack/react-router";
import { formatDuration, formatRevision } from "../../lib/format.ts";
import { Card } from "../common/page.tsx";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import type { Column } from "../settings/parts/data-table.tsx";
import { DataTable } from "../settings/parts/data-table.tsx";
import styles from "./history.module.css";
import { formatCause, proseOf } from "./phrases.ts";
import type { Promotion } from "./pipeline.ts";
import { durationOf } from "./promotion-times.ts";

interface HistoryProps {
  /** Newest first. */
  readonly promotions: readonly Promotion[];
  readonly stages: readonly string[];
  /** Whose promotions are shown; empty for all. */
  readonly stage: string;
  readonly onStage: (stage: string) => void;
}

/** What was promoted when, by whom, and how it ended. */
export function History({ promotions, stages, stage, onStage }: HistoryProps) {
  const nowMs = useNow();
  const rows = promotions.filter(({ spec }) => stage === "" || spec.stage === stage);
  const columns: readonly Column<Promotion>[] = [
    {
      name: "Promotion",
      cell: ({ namespace, name, spec }) => (
        <>
          <Link to="/promotions/$namespace/$name" params={{ namespace, name }}>
            {spec.kind === "Rollback"
              ? `back to ${formatRevision(spec.revision)}`
              : formatRevision(spec.revision)}
          </Link>{" "}
          to {spec.stage}
        </>
      ),
    },
    {
      name: "What",
      cell: ({ spec, status }) =>
        spec.reason ?? status.commits?.[0]?.subject ?? <span className="muted">–</span>,
    },
    { name: "Who", cell: ({ spec }) => formatCause(spec) },
    { name: "When", cell: ({ spec }) => <Ago time={spec.requestedAt} />, look: "shrink" },
    {
      name: "Result",
      cell: ({ status: { phase = "Pending", message = "", breakGlass } }) => (
        <>
          <Status of="promotion" status={phase} message={proseOf(message, nowMs)} />
          {breakGlass !== undefined && <span className={styles["glass"]}>glass broken</span>}
        </>
      ),
      look: "shrink",
    },
    {
      name: "Took",
      cell: (promotion) => {
        const took = durationOf(promotion);
        return took === undefined ? "" : formatDuration(took);
      },
      look: "shrink",
    },
  ];
  return (
    <Card
      title="Promotions"
      actions={
        <select
          aria-label="Stage"
          className={styles["stage"]}
          value={stage}
          onChange={(event) => onStage(event.target.value)}
        >
          <option value="">All stages</option>
          {stages.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      }
    >
      {rows.length === 0 ? (
        <p className={styles["none"]}>Nothing was promoted {stage === "" ? "" : `to ${stage} `}yet.</p>
      ) : (
        <div className={styles["table"]}>
          <DataTable label="Promotions" columns={columns} rows={rows} keyOf={({ name }) => name} />
        </div>
      )}
    </Card>
  );
}

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "../../common/button.tsx";
import type { Change, PlanRow, PlanStep } from "./plan-steps.ts";
import { rowsOf } from "./plan-steps.ts";
import styles from "./sync.module.css";

const words: Readonly<Record<Change, string>> = {
  create: "Create",
  change: "Change",
  prune: "Delete",
  keep: "Keep",
  run: "Run hook",
  skip: "Leave out",
  same: "As Git says",
};

/** Of so many lines the rest comes when asked for. */
const firstLines = 100;

interface StepsProps {
  readonly steps: readonly PlanStep[];
  /** What is told of a row when it is opened; rows do not open without it. */
  readonly details?: (row: PlanRow) => ReactNode;
}

/** What is done, in its order; what stays as it is can be hidden. */
export function Steps({ steps, details }: StepsProps) {
  const isStill = ({ change }: PlanRow): boolean => change === "same" || change === "skip";
  const rows = rowsOf(steps);
  const still = rows.filter((row) => isStill(row)).length;
  const isAllStill = still === rows.length;
  const [asked, setShowsAll] = useState(false);
  const showsAll = asked || isAllStill;
  const [limit, setLimit] = useState(firstLines);
  const wanted = steps.map((step) => ({
    ...step,
    rows: step.rows.filter((row) => showsAll || !isStill(row)),
  }));
  const count = rowsOf(wanted).length;
  return (
    <div className={styles["steps"]}>
      {firstOf(wanted, limit).map((step, i) => (
        <section key={`${i} ${step.title}`} className={styles["step"]}>
          <h4>{step.title}</h4>
          <ul className={styles["rows"]}>
            {step.rows.map((row) => (
              <Row key={row.id} row={row} details={details} />
            ))}
          </ul>
          {step.waits !== "" && <p className={`muted ${styles["small"]}`}>{step.waits}</p>}
        </section>
      ))}
      {count > limit && (
        <Button onClick={() => setLimit(limit + 10 * firstLines)}>
          Show more ({(count - limit).toLocaleString("en")} are not shown)
        </Button>
      )}
      {still > 0 && !isAllStill && (
        <Button look="quiet" onClick={() => setShowsAll(!asked)}>
          {asked ? "Show only what changes" : `Show the ${still.toLocaleString("en")} that stay as they are`}
        </Button>
      )}
    </div>
  );
}

/** The first so many rows, with the steps that have any of them. */
function firstOf(steps: readonly PlanStep[], limit: number): readonly PlanStep[] {
  let left = limit;
  return steps.flatMap((step) => {
    const rows = step.rows.slice(0, Math.max(0, left));
    left -= step.rows.length;
    return rows.length === 0 ? [] : [{ ...step, rows }];
  });
}

interface RowProps {
  readonly row: PlanRow;
  readonly details: StepsProps["details"];
}

function Row({ row, details }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const look = `${styles["row"]} ${styles[row.change] ?? ""}`;
  if (details === undefined)
    return (
      <li className={look}>
        <div className={styles["line"]}>
          <span />
          <RowText row={row} />
        </div>
      </li>
    );
  return (
    <li className={look}>
      <button
        type="button"
        className={styles["line"]}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight aria-hidden="true" />
        <RowText row={row} />
      </button>
      {isOpen && <div className={styles["body"]}>{details(row)}</div>}
    </li>
  );
}

function RowText({ row: { change, kind, namespace, name, note, isConfirmed } }: { readonly row: PlanRow }) {
  return (
    <>
      <span className={styles["what"]}>{words[change]}</span>
      <span className={styles["who"]}>
        {kind} <strong>{name}</strong>
        <span className={`muted ${styles["small"]}`}>
          {namespace !== "" && ` in ${namespace}`}
          {note !== "" && ` · ${note}`}
          {isConfirmed && " · once somebody confirms it"}
        </span>
      </span>
    </>
  );
}

import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Column, Line } from "./columns.ts";
import { columnsOf, needsWords } from "./columns.ts";
import styles from "./flow.module.css";
import type { Stage } from "./pipeline.ts";

interface FlowProps {
  readonly stages: readonly Stage[];
  /** Read aloud. */
  readonly label: string;
  readonly look: "row" | "columns";
  readonly children: (stage: Stage) => ReactNode;
}

/** Stages from left to right, with lines from those that each takes from; from above to below where it is narrow. */
export function Flow({ stages, label, look, children }: FlowProps) {
  const columns = columnsOf(stages);
  const isFanned = columns.some((column) => column.stages.length > 1);
  return (
    <div
      role="list"
      aria-label={label}
      className={`${styles["flow"]} ${styles[look]} ${isFanned ? styles["fanned"] : ""}`}
    >
      {columns.map((column, i) => (
        <Part key={i} column={column} isFirst={i === 0}>
          {column.stages.map((stage) => (
            <div
              role="listitem"
              key={stage.name}
              className={styles["stage"]}
              aria-label={`Stage ${stage.name}`}
            >
              {children(stage)}
              {needsWords(columns, stage) && (
                <p className={styles["after"]}>after {stage.after.join(" and ")}</p>
              )}
            </div>
          ))}
        </Part>
      ))}
    </div>
  );
}

interface PartProps {
  readonly column: Column;
  readonly isFirst: boolean;
  readonly children: ReactNode;
}

function Part({ column: { lines }, isFirst, children }: PartProps) {
  return (
    <>
      {!isFirst && <Lines lines={lines} />}
      <div className={styles["column"]}>{children}</div>
    </>
  );
}

/** Where it is narrow, an arrow down is enough. */
function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const [only] = lines;
  const isStraight = lines.length === 1 && only?.from === only?.to;
  return (
    <div className={styles["lines"]} aria-hidden="true">
      <ChevronRight className={isStraight ? "" : styles["narrow"]} />
      {!isStraight && (
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" className={styles["curves"]}>
          {lines.map(({ from, to }) => (
            <path
              key={`${from} ${to}`}
              d={`M0 ${from * 100} C50 ${from * 100} 50 ${to * 100} 100 ${to * 100}`}
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
      )}
    </div>
  );
}

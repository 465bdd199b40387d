import { useEffect, useRef } from "react";
import { formatCount } from "../../../lib/format.ts";
import { sayRefusal } from "../../application/sync/guards.ts";
import type { MadePlan, PlanRow } from "../../application/sync/plan-steps.ts";
import { rowsOf, stepsOf } from "../../application/sync/plan-steps.ts";
import { Card } from "../../common/page.tsx";
import { Skeleton } from "../../common/states.tsx";
import type { Preview } from "./use-preview.ts";
import styles from "./create.module.css";

/** What the new application would deploy, as the server plans its first sync. */
export function PreviewView({ preview: { made, others, isPending, isOld } }: { readonly preview: Preview }) {
  const box = useRef<HTMLDivElement>(null);
  // The form is longer than the panel: what was asked for would come out of sight.
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
  }, [made, isPending]);
  if (!isPending && made === undefined && others.length === 0) return null;
  return (
    <div className={styles["below"]}>
      <Card title="What it would create">
        <div ref={box} className={styles["preview"]} aria-busy={isPending}>
          {isPending && <Skeleton lines={4} label="Working out what it would create" />}
          {!isPending && isOld && <p className="muted">It was changed since; look at it again.</p>}
          {others.map((line) => (
            <p key={line} role="alert" className={styles["error"]}>
              {line}
            </p>
          ))}
          {!isPending && made !== undefined && <Objects made={made} />}
        </div>
      </Card>
    </div>
  );
}

/** Of a kind so many are named. */
const namedObjects = 50;

function Objects({ made }: { readonly made: MadePlan }) {
  const rows = rowsOf(stepsOf(made));
  const kinds = [...Map.groupBy(rows, ({ kind }) => kind)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const refusals = made.refusals ?? [];
  return (
    <>
      {refusals.map((refusal) => (
        <p key={refusal.message} role="alert" className={styles["error"]}>
          {sayRefusal(refusal)}
        </p>
      ))}
      <p role="status">
        {rows.length === 0
          ? "The source renders no object: it would create nothing."
          : `${formatCount(rows.length, "object")} of ${formatCount(kinds.length, "kind")}.`}
        {made.approval !== "none" && " Every sync of it will need an approved plan."}
      </p>
      <dl className={styles["kinds"]}>
        {kinds.map(([kind, all]) => (
          <div key={kind}>
            <dt>
              {kind} <span className="muted">{all.length}</span>
            </dt>
            <dd>
              <ul>
                {all.slice(0, namedObjects).map((row) => (
                  <li key={row.id}>
                    <strong>{row.name}</strong> <span className="muted">{remarkOn(row)}</span>
                  </li>
                ))}
                {all.length > namedObjects && <li className="muted">and {all.length - namedObjects} more</li>}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const remarks: Readonly<Record<PlanRow["change"], string>> = {
  create: "",
  change: "is there already, and would be changed",
  prune: "would be deleted",
  keep: "is left as it is",
  run: "a hook",
  skip: "is left out",
  same: "is there already, as Git says",
};

function remarkOn({ change, namespace, note }: PlanRow): string {
  return [namespace === "" ? "" : `in ${namespace}`, remarks[change], note]
    .filter((part) => part !== "")
    .join(" · ");
}

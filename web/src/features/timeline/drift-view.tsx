import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { formatDuration, formatRevision } from "../../lib/format.ts";
import type { Application } from "../application/application-query.ts";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Ago } from "../common/time.tsx";
import styles from "./drift-view.module.css";
import type { Drift } from "./timeline-query.ts";
import { timelineQuery } from "./timeline-query.ts";

/** Everything that was changed in the cluster behind Git's back, by whom, and what ended it. */
export function DriftView({ app }: { readonly app: Application }) {
  const { name = "", namespace = "", resourceVersion = "" } = app.metadata ?? {};
  const { data, error, refetch } = useQuery(timelineQuery({ namespace, name }, resourceVersion));
  const drifts = data?.drifts ?? [];
  if (data === undefined)
    return error === null ? (
      <Skeleton label="Loading drift" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  if (drifts.length === 0)
    return (
      <State icon={<ShieldCheck />} title="Nothing was changed behind Git's back">
        When somebody changes an object of this application in the cluster, it is shown here: which field, by
        whom, and what became of it.
      </State>
    );
  return (
    <ol className={styles["list"]}>
      {drifts.map((drift) => (
        <DriftRow key={drift.id} drift={drift} />
      ))}
    </ol>
  );
}

const ends: Readonly<Record<string, string>> = {
  "self-heal": "undone by a self-heal",
  sync: "undone by a sync",
  elsewhere: "changed back, not by Mooring",
  "changed-again": "changed again",
  git: "ended, since Git wants something else now",
};

function DriftRow({ drift }: { readonly drift: Drift }) {
  const { kind, namespace, name, began, ended, end = "", revisions = [], hidden = false } = drift;
  const managers = [...new Set((drift.fields ?? []).flatMap(({ manager }) => manager ?? []))];
  return (
    <li className={styles["row"]} data-open={ended === undefined || undefined}>
      <div className={styles["when"]}>
        <Ago time={began} />
        <span className="muted">{revisions.map((one) => formatRevision(one)).join(", ")}</span>
      </div>
      <div className={styles["what"]}>
        <p>
          <strong>
            {kind} {name}
          </strong>
          {namespace === undefined || namespace === "" ? "" : ` in ${namespace}`} {whatOf(drift)}
          {managers.length > 0 && (
            <>
              {" "}
              by <strong>{managers.join(", ")}</strong>
            </>
          )}
        </p>
        <Fields drift={drift} />
        {hidden && <p className="muted">Its values are secret, and kept nowhere.</p>}
        <p className={ended === undefined ? styles["lasts"] : "muted"}>
          {ended === undefined
            ? "It lasts: nothing undoes it by itself until the next sync."
            : `${ends[end] ?? end} after ${formatDuration(Date.parse(ended) - Date.parse(began ?? ended))}`}
        </p>
      </div>
    </li>
  );
}

function whatOf({ what, fields = [], moreFields = 0 }: Drift): string {
  if (what === "missing") return "was deleted";
  if (what === "extra") return "left Git and came back";
  const count = fields.length + moreFields;
  return count === 1 ? "was changed in one field" : `was changed in ${count} fields`;
}

function Fields({ drift: { fields = [], moreFields = 0, hidden = false } }: { readonly drift: Drift }) {
  if (fields.length === 0) return null;
  return (
    <table className={styles["fields"]}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Git wants</th>
          <th scope="col">It was</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ path, manager, live, desired }) => (
          <tr key={path}>
            <td>
              <code>{path}</code>
            </td>
            <td>{hidden ? "secret" : <Value text={desired} tone="desired" />}</td>
            <td>{hidden ? "secret" : <Value text={live} tone="live" />}</td>
            <td>{manager ?? "nobody in particular"}</td>
          </tr>
        ))}
        {moreFields > 0 && (
          <tr>
            <td colSpan={4} className="muted">
              and {moreFields} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Value({ text, tone }: { readonly text: string | undefined; readonly tone: "desired" | "live" }) {
  if (text === undefined) return <span className="muted">not there</span>;
  return <code className={styles[tone]}>{text}</code>;
}

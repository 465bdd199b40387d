import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import type { Change, PreviewRow } from "./preview.ts";
import { stepsOf } from "./preview.ts";
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

/** What is done, in its order; what stays as it is can be hidden. */
export function Steps({ rows }: { readonly rows: readonly PreviewRow[] }) {
  const isStill = ({ change }: PreviewRow): boolean => change === "same" || change === "skip";
  const still = rows.filter((row) => isStill(row)).length;
  const [showsAll, setShowsAll] = useState(still === rows.length);
  const [limit, setLimit] = useState(firstLines);
  const shown = showsAll ? rows : rows.filter((row) => !isStill(row));
  return (
    <div className={styles["steps"]}>
      {stepsOf(shown.slice(0, limit)).map(({ title, rows: inStep }) => (
        <section key={title} className={styles["step"]}>
          <h4>{title}</h4>
          <ul className={styles["rows"]}>
            {inStep.map((row) => (
              <Row key={`${row.phase} ${row.key}`} row={row} />
            ))}
          </ul>
        </section>
      ))}
      {shown.length > limit && (
        <Button onClick={() => setLimit(limit + 10 * firstLines)}>
          Show more ({(shown.length - limit).toLocaleString("en")} are not shown)
        </Button>
      )}
      {still > 0 && still < rows.length && (
        <Button look="quiet" onClick={() => setShowsAll(!showsAll)}>
          {showsAll
            ? "Show only what changes"
            : `Show the ${still.toLocaleString("en")} that stay as they are`}
        </Button>
      )}
    </div>
  );
}

function Row({ row }: { readonly row: PreviewRow }) {
  const [isOpen, setOpen] = useState(false);
  const { change, kind, namespace, name, note, isConfirmed } = row;
  return (
    <li className={`${styles["row"]} ${styles[change] ?? ""}`}>
      <button
        type="button"
        className={styles["line"]}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight aria-hidden="true" />
        <span className={styles["what"]}>{words[change]}</span>
        <span className={styles["who"]}>
          {kind} <strong>{name}</strong>
          <span className={`muted ${styles["small"]}`}>
            {namespace !== "" && ` in ${namespace}`}
            {note !== "" && ` · ${note}`}
            {isConfirmed && " · once somebody confirms it"}
          </span>
        </span>
      </button>
      {isOpen && (
        <div className={styles["body"]}>
          <Difference row={row} />
        </div>
      )}
    </li>
  );
}

function Difference({ row: { change, kind, name, before, after } }: { readonly row: PreviewRow }) {
  const old = before === undefined ? "" : toYaml(before);
  const next = after === undefined ? "" : toYaml(after);
  if (old === next)
    return (
      <p className="muted">{change === "keep" ? "It stays as it is." : "Nothing that counts differs."}</p>
    );
  return <YamlDiff before={old} after={next} label={`What changes in ${kind} ${name}`} />;
}

import { useQuery } from "@tanstack/react-query";
import { GitCompareArrows, History } from "lucide-react";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import { State } from "../../common/states.tsx";
import { Ago } from "../../common/time.tsx";
import type { Application } from "../application-query.ts";
import { nameOf } from "../header/headline.ts";
import { commitQuery } from "../queries.ts";
import { useMayDo } from "../use-may-do.ts";
import { CompareDialog } from "./compare-dialog.tsx";
import type { HistoryEntry } from "./entries.ts";
import { entriesOf, formatRevisions } from "./entries.ts";
import styles from "./history.module.css";
import { RollbackDialog } from "./rollback-dialog.tsx";

interface HistoryViewProps {
  readonly app: Application;
  /** A rollback has begun. */
  readonly onStarted: () => void;
}

/** What was deployed, by whom and when, and ways back. */
export function HistoryView({ app, onStarted }: HistoryViewProps) {
  const entries = entriesOf(app);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [compared, setCompared] = useState<readonly [HistoryEntry, HistoryEntry]>();
  const [target, setTarget] = useState<HistoryEntry>();
  if (entries.length === 0)
    return (
      <State icon={<History />} title="Nothing was deployed yet">
        Every sync of the whole application that succeeds is recorded here.
      </State>
    );
  const [newer, older] = entries.filter(({ id }) => chosen.includes(id));
  return (
    <>
      <div className={styles["tools"]}>
        <Button
          icon={<GitCompareArrows />}
          disabled={newer === undefined || older === undefined}
          title={older === undefined ? "Mark two of them" : undefined}
          onClick={() => newer !== undefined && older !== undefined && setCompared([older, newer])}
        >
          Compare the two that are marked
        </Button>
      </div>
      <ol className={styles["entries"]} aria-label="History">
        {entries.map((entry, i) => (
          <Entry
            key={entry.id}
            app={app}
            entry={entry}
            isChosen={chosen.includes(entry.id)}
            onChoose={() =>
              setChosen(
                chosen.includes(entry.id)
                  ? chosen.filter((id) => id !== entry.id)
                  : // The one that was marked first gives way to a third.
                    [...chosen.slice(-1), entry.id],
              )
            }
            before={entries[i + 1]}
            onCompare={(before) => setCompared([before, entry])}
            onRollback={() => setTarget(entry)}
          />
        ))}
      </ol>
      {compared !== undefined && (
        <CompareDialog app={app} pair={compared} onClose={() => setCompared(undefined)} />
      )}
      {target !== undefined && (
        <RollbackDialog
          app={app}
          entry={target}
          onClose={() => setTarget(undefined)}
          onStarted={() => {
            setTarget(undefined);
            onStarted();
          }}
        />
      )}
    </>
  );
}

interface EntryProps {
  readonly app: Application;
  readonly entry: HistoryEntry;
  readonly before: HistoryEntry | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onCompare: (before: HistoryEntry) => void;
  readonly onRollback: () => void;
}

function Entry({ app, entry, before, isChosen, onChoose, onCompare, onRollback }: EntryProps) {
  const { id, revisions, by, deployedAt, duration, isCurrent } = entry;
  const { data: commit } = useQuery(commitQuery(app, revisions[0], { sourceIndex: 0, versionId: id }));
  const { isDenied, title } = useMayDo(app, "rollback");
  const subject = commit?.message?.split("\n")[0] ?? "";
  return (
    <li className={`${styles["entry"]} ${isCurrent ? styles["current"] : ""}`}>
      <input
        type="checkbox"
        aria-label={`Mark ${formatRevisions(entry)} for comparison`}
        checked={isChosen}
        onChange={onChoose}
      />
      <div>
        <p className={styles["subject"]}>{subject === "" ? formatRevisions(entry) : subject}</p>
        <p className={styles["line"]}>
          <code title={revisions.join(", ")}>{formatRevisions(entry)}</code>
          {commit?.author !== undefined && ` by ${nameOf(commit.author)}`}
          {commit?.date !== undefined && (
            <>
              , committed <Ago time={commit.date} />
            </>
          )}
          {(commit?.tags ?? []).map((tag) => ` · ${tag}`)}
        </p>
        <p className={styles["line"]}>
          Deployed <Ago time={deployedAt} /> by {by}
          {duration !== "" && `, in ${duration}`}
          {isCurrent && " · the last one"}
          {entry.isOtherSource && " · with other settings of the source"}
        </p>
      </div>
      <div className={styles["actions"]}>
        {before !== undefined && (
          <Button size="small" onClick={() => onCompare(before)}>
            What changed
          </Button>
        )}
        {!isCurrent && (
          <Button size="small" disabled={isDenied} title={title} onClick={onRollback}>
            Roll back…
          </Button>
        )}
      </div>
    </li>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Route as Way } from "lucide-react";
import { useState } from "react";
import type { AnswerOf } from "../../lib/api/index.ts";
import { call } from "../../lib/api/index.ts";
import { formatCount, formatRepository, formatRevision } from "../../lib/format.ts";
import { Button } from "../common/button.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Ago } from "../common/time.tsx";
import type { Column } from "../settings/parts/data-table.tsx";
import { DataTable } from "../settings/parts/data-table.tsx";
import styles from "./delivery-page.module.css";
import { stateLabels, timesOf } from "./trace-words.ts";

type Trace = AnswerOf<"trace", "find">;
type Line = NonNullable<Trace["lines"]>[number];
type Commit = NonNullable<Trace["commits"]>[number];

const pageSize = 200;

interface TraceResultProps {
  readonly what: string;
  readonly project: string | undefined;
}

/** A line for each application that has to do with the commit or image. */
export function TraceResult({ what, project }: TraceResultProps) {
  const [withUnchanged, setWithUnchanged] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ["trace", what, project],
    queryFn: ({ pageParam, signal }) =>
      call(
        "trace.find",
        {
          what,
          limit: pageSize,
          continue: pageParam,
          ...(project === undefined ? {} : { projects: [project] }),
        },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: ({ continue: next = "" }) => (next === "" ? undefined : next),
    retry: false,
  });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (data === undefined)
    return error === null ? (
      <Skeleton lines={4} label="Looking for it" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  const [first = {}] = data.pages;
  const lines = data.pages.flatMap(({ lines: some = [] }) => some);
  const shown = lines.filter(({ state }) => withUnchanged || state !== "unchanged");
  const left = lines.length - shown.length;
  return (
    <section className={styles["content"]} aria-label={`Where ${what} is`}>
      {first.commits?.map((commit) => (
        <CommitFacts key={commit.repository} commit={commit} />
      ))}
      {shown.length === 0 ? (
        <State
          icon={<Way />}
          title={first.kind === "image" ? "No application runs it" : "It changes no application"}
        >
          {first.kind === "image"
            ? "Neither now nor at any time that is known."
            : "Nothing that applications declare to read is changed by it."}
        </State>
      ) : (
        <DataTable
          label="Where it is"
          columns={
            first.kind === "image" ? [...columns.slice(0, 3), commitColumn, ...columns.slice(3)] : columns
          }
          rows={shown}
          keyOf={({ appNamespace = "", name = "" }) => `${appNamespace}/${name}`}
        />
      )}
      {left > 0 && (
        <p>
          <Button size="small" onClick={() => setWithUnchanged(true)}>
            Show {formatCount(left, "application")} that it does not change
          </Button>
        </p>
      )}
      {hasNextPage && (
        <p>
          <Button size="small" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </p>
      )}
      {first.problems?.map((problem) => (
        <p key={problem} className={styles["warning"]}>
          Not asked: {problem}
        </p>
      ))}
      {error !== null && <p className={styles["warning"]}>{error.message}</p>}
    </section>
  );
}

function CommitFacts({ commit }: { readonly commit: Commit }) {
  const { id = "", subject = "", author = "", date, repository = "", promotion = "" } = commit;
  return (
    <p className={styles["commit"]}>
      <code title={id}>{formatRevision(id)}</code> <strong>{subject}</strong>{" "}
      <span className="muted">
        {author.replace(/ <.*>$/u, "")} <Ago time={date} />, {formatRepository(repository)}
        {promotion !== "" && `, by promotion ${promotion}`}
      </span>
    </p>
  );
}

const columns: readonly Column<Line>[] = [
  {
    name: "Application",
    cell: ({ name = "", appNamespace: namespace = "" }) => (
      <Link to="/applications/$namespace/$name" params={{ namespace, name }} search={{ view: "delivery" }}>
        {name}
      </Link>
    ),
  },
  {
    name: "Where",
    cell: ({ cluster = "", namespace = "" }) => (
      <div>
        {cluster.replace(/^https?:\/\//u, "")} <span className="muted">{namespace}</span>
      </div>
    ),
  },
  {
    name: "State",
    cell: ({ state = "", note = "" }) => (
      <div>
        <span className={`${styles["state"]} ${styles[state]}`}>{stateLabels[state] ?? state}</span>
        {note !== "" && <span className={styles["note"]}>{note}</span>}
      </div>
    ),
  },
  { name: "Way", cell: ({ delivery }) => <Times delivery={delivery} /> },
  {
    name: "Since",
    cell: ({ delivery }) => <Ago time={delivery?.healthy ?? delivery?.applied ?? delivery?.seen} />,
    look: "shrink",
  },
];

const commitColumn: Column<Line> = {
  name: "Came with",
  cell: ({ commit, images = [] }) => (
    <div>
      {commit === undefined ? "–" : <CommitFacts commit={commit} />}
      {images.map((image) => (
        <code key={image} className={styles["note"]}>
          {image}
        </code>
      ))}
    </div>
  ),
};

function Times({ delivery }: { readonly delivery: Line["delivery"] }) {
  if (delivery === undefined) return "–";
  const { revisions = [], by = "" } = delivery;
  return (
    <div>
      <code>{revisions.map((one) => formatRevision(one)).join(", ")}</code>
      {by !== "" && <span className="muted"> by {by}</span>}
      <span className={styles["note"]}>{timesOf(delivery)}</span>
    </div>
  );
}

import { useMutation } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { formatRevision } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { State } from "../../common/states.tsx";
import { Status } from "../../common/status.tsx";
import tableStyles from "../../common/table.module.css";
import { Ago, useNow } from "../../common/time.tsx";
import { tell, tellError } from "../../common/toast.tsx";
import type { Application } from "../application-query.ts";
import { mergeInto, namedIn } from "../change-application.ts";
import { isBusy } from "../header/describe-operation.ts";
import { formatSince, sayTimes, shortenRevisions, withoutCommands } from "../header/phrases.ts";
import { useMayDo } from "../use-may-do.ts";
import { awaitsConfirmation, operationRows } from "./operation-rows.ts";
import styles from "./sync.module.css";

/** How the sync goes, or went: what it waits for, since when, and what became of each object. */
export function OperationView({ app }: { readonly app: Application }) {
  const nowMs = useNow();
  const { operation, status } = app;
  const state = status?.operationState;
  const isRunning = state?.phase === "Running" || state?.phase === "Terminating";
  // What an operation before it ended with says nothing of the one that is asked for.
  if (operation !== undefined && !isRunning)
    return (
      <p role="status">
        The sync was asked for
        {operation.initiatedBy?.username === undefined ? "" : ` by ${operation.initiatedBy.username}`}. It
        begins any moment.
      </p>
    );
  if (state === undefined)
    return (
      <State icon={<History />} title="It was never synced">
        How the last sync went will be shown here.
      </State>
    );
  return (
    <div className={styles["progress"]}>
      <div className={styles["summary"]}>
        <Status of="phase" status={state.phase} look="badge" />
        {state.operation?.sync?.dryRun === true && <strong>Dry run: nothing was changed</strong>}
      </div>
      <p role="status" className={styles["message"]}>
        {sayTimes(shortenRevisions(withoutCommands(state.message ?? "")), nowMs)}
      </p>
      {awaitsConfirmation(state) && <Confirm app={app} />}
      <Facts app={app} />
      <Results app={app} />
    </div>
  );
}

function Facts({ app }: { readonly app: Application }) {
  const now = useNow();
  const { operation, startedAt, finishedAt, retryCount = 0, syncResult } = app.status?.operationState ?? {};
  const { username = "", automated } = operation?.initiatedBy ?? {};
  const revisions = syncResult?.revisions ?? [
    syncResult?.revision ?? operation?.sync?.revision ?? app.status?.sync?.revision ?? "",
  ];
  const info = (operation?.info ?? []).filter(({ name }) => name !== undefined);
  return (
    <dl className={styles["facts"]}>
      <dt>Revision</dt>
      <dd>{revisions.map((revision) => formatRevision(revision)).join(", ")}</dd>
      <dt>Started by</dt>
      <dd>{username === "" ? (automated === true ? "itself" : "somebody unknown") : username}</dd>
      <dt>Began</dt>
      <dd>
        <Ago time={startedAt} />
      </dd>
      <dt>{finishedAt === undefined ? "Running for" : "Took"}</dt>
      <dd>
        {startedAt !== undefined &&
          formatSince(startedAt, finishedAt === undefined ? now : Date.parse(finishedAt))}
      </dd>
      {retryCount > 0 && (
        <>
          <dt>Retries</dt>
          <dd>{retryCount}</dd>
        </>
      )}
      {info.map(({ name, value }) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const firstRows = 200;

function Results({ app }: { readonly app: Application }) {
  const rows = operationRows(app.status?.operationState);
  const [limit, setLimit] = useState(firstRows);
  if (rows.length === 0) return <p className="muted">Nothing was applied yet.</p>;
  return (
    <>
      <div className={tableStyles["wrap"]}>
        <table className={tableStyles["table"]}>
          <thead>
            <tr>
              <th>Result</th>
              <th>Object</th>
              <th>Phase</th>
              <th>What the cluster said</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, limit).map(({ key, status, word, kind, namespace, name, phase, message }) => (
              <tr key={key}>
                <td>
                  <Status of="phase" status={status} label={word} />
                </td>
                <td>
                  {kind} <strong>{name}</strong> <span className="muted">{namespace}</span>
                </td>
                <td>{phase}</td>
                <td className={styles["message"]}>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > limit && <Button onClick={() => setLimit(rows.length)}>Show all {rows.length}</Button>}
    </>
  );
}

/** Lets a sync delete what needs somebody's word. */
function Confirm({ app }: { readonly app: Application }) {
  const { isDenied, title } = useMayDo(app, "update");
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      mergeInto(app, {
        metadata: { annotations: { "argocd.argoproj.io/deletion-approved": approvalTime(app) } },
      }),
    onSuccess: () => tell("The deletion is confirmed; the sync goes on."),
    onError: tellError,
  });
  return (
    <div>
      <Button look="danger" isBusy={isPending} disabled={isDenied} title={title} onClick={() => mutate()}>
        Confirm the deletion
      </Button>
    </div>
  );
}

/** Now, but not before the sync began: the clock of this computer may be late. Whole seconds, as the cluster writes times. */
function approvalTime({ status }: Application): string {
  const beganMs = Date.parse(status?.operationState?.startedAt ?? "");
  const ms = Number.isNaN(beganMs) ? Date.now() : Math.max(Date.now(), beganMs);
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

interface OperationActionsProps {
  readonly app: Application;
  readonly onPlan: () => void;
  readonly onClose: () => void;
}

/** What can be done about a sync: stop it, or begin another. */
export function OperationActions({ app, onPlan, onClose }: OperationActionsProps) {
  const [isSure, setSure] = useState(false);
  const { isDenied, title } = useMayDo(app, "sync");
  const { mutate, isPending } = useMutation({
    mutationFn: () => call("application.terminateOperation", namedIn(app)),
    onSuccess: () => {
      setSure(false);
      tell("The sync is being stopped.");
    },
    onError: tellError,
  });
  if (!isBusy(app))
    return (
      <>
        <Button onClick={onClose}>Close</Button>
        <Button look="primary" onClick={onPlan}>
          Sync again…
        </Button>
      </>
    );
  return (
    <>
      {isSure && <p>What was applied stays; hooks that run are ended.</p>}
      {isSure && <Button onClick={() => setSure(false)}>Let it go on</Button>}
      <Button
        look="danger"
        isBusy={isPending || app.status?.operationState?.phase === "Terminating"}
        disabled={isDenied}
        title={title}
        onClick={() => (isSure ? mutate() : setSure(true))}
      >
        {isSure ? "Stop it" : "Stop…"}
      </Button>
    </>
  );
}

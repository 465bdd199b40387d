import { formatDuration, formatRevision } from "../../../lib/format.ts";
import type { Application } from "../application-query.ts";
import {
  asClause,
  formatSince,
  heldByWindow,
  retryWaitIn,
  sayTimes,
  shortenRevisions,
  withoutCommands,
} from "./phrases.ts";
import type { Clauses } from "./phrases.ts";

type Operation = NonNullable<Application["operation"]>;

/** Of a sync that is asked for, runs, or is being ended. */
export function describeOperation(app: Application, nowMs: number): Clauses | undefined {
  const state = app.status?.operationState;
  const isRunning = state?.phase === "Running" || state?.phase === "Terminating";
  if (!isRunning) {
    if (app.operation === undefined) return undefined;
    const { username = "" } = app.operation.initiatedBy ?? {};
    const by = username === "" ? "" : ` by ${username}`;
    return [`${titleOf(app.operation, app)} was asked for${by}`, "it begins any moment"];
  }
  const title = `${titleOf(state.operation, app)}${starterOf(state.operation)}`;
  const since = state.startedAt === undefined ? "" : ` for ${formatSince(state.startedAt, nowMs)}`;
  if (state.phase === "Terminating")
    return [`${title} is being stopped`, "what was done stays done, and hooks that run are ended"];
  const message = shortenRevisions(withoutCommands(state.message ?? ""));
  const retry = retryWaitIn(message);
  if (retry !== undefined) {
    const inMs = new Date(retry.at).getTime() - nowMs;
    const when = inMs <= 0 ? "now" : `in ${formatDuration(inMs)}`;
    return [`${title} failed (${asClause(retry.because)})`, `retry ${retry.attempt} begins ${when}`];
  }
  const held = heldByWindow(message);
  if (held !== undefined)
    return [
      `${title} has been running${since}`,
      `it waits, because of a sync window: ${asClause(sayTimes(held, nowMs))}`,
    ];
  return [
    `${title} has been running${since}`,
    message === "" ? "its objects are applied" : asSentence(sayTimes(message, nowMs)),
  ];
}

/** Whether an operation is asked for or runs. */
export function isBusy({ operation, status }: Application): boolean {
  const phase = status?.operationState?.phase;
  return operation !== undefined || phase === "Running" || phase === "Terminating";
}

function titleOf(operation: Operation | undefined, { status }: Application): string {
  const { revision, revisions = [], dryRun, resources = [] } = operation?.sync ?? {};
  const to = revisions.length > 0 ? revisions : [revision ?? status?.sync?.revision ?? ""];
  const shown = to
    .filter((one) => one !== "")
    .map((one) => formatRevision(one))
    .join(", ");
  const what = dryRun === true ? "A dry run" : "A sync";
  const part = resources.length === 0 ? "" : ` of ${resources.length} selected objects`;
  return `${what}${part}${shown === "" ? "" : ` to ${shown}`}`;
}

function starterOf(operation: Operation | undefined): string {
  const { username = "", automated } = operation?.initiatedBy ?? {};
  if (username !== "") return `, started by ${username},`;
  return automated === true ? ", started by itself," : "";
}

/** Messages of operations that go on begin with what they wait for. */
function asSentence(message: string): string {
  return message.startsWith("waiting for ") ? `it is ${asClause(message)}` : asClause(message);
}

import type { AnswerOf } from "../../../lib/api/index.ts";
import { formatAgo, formatCount, formatRevision } from "../../../lib/format.ts";
import { isAutomated, revisionOf } from "../../applications/describe-application.ts";
import type { Application } from "../application-query.ts";
import { describeDeletion } from "./describe-deletion.ts";
import { describeHealth } from "./describe-health.ts";
import { describeOperation } from "./describe-operation.ts";
import { asClause, withoutCommands, sayTimes, shortenRevisions, withoutSubject } from "./phrases.ts";
import type { Clauses } from "./phrases.ts";
import type { SyncWindows } from "./windows.ts";
import { blockingWindows, formatClosing, formatUntil, formatWindow } from "./windows.ts";

export interface HeadlineInput {
  readonly app: Application;
  /** Of the revision that the sync status names; undefined while it is not known, or for what is no commit. */
  readonly commit: AnswerOf<"application", "revisionMetadata"> | undefined;
  readonly windows: SyncWindows | undefined;
  readonly nowMs: number;
}

/** What is true of an application, and what happens next, as one sentence. */
export function headlineOf(input: HeadlineInput): string {
  const { app, nowMs } = input;
  const [is, next] =
    describeDeletion(app, nowMs) ??
    describeOperation(app, nowMs) ??
    describeProblem(input) ??
    describeDifference(input) ??
    describeUnread(app) ??
    describeSynced(input);
  return `${is}; ${next}.`;
}

const problems = ["InvalidSpecError", "ComparisonError", "UnknownError"];

function describeProblem(input: HeadlineInput): Clauses | undefined {
  const { app } = input;
  if (app.status?.sync?.status === "Synced" || app.status?.sync?.status === "OutOfSync") return undefined;
  const found = problems.flatMap((type) => messagesOf(input, type));
  const [first] = found;
  if (first === undefined) return undefined;
  const more = found.length === 1 ? "" : ` (and ${found.length - 1} more)`;
  return [
    `What is in Git cannot be compared with the cluster: ${first}${more}`,
    "it is compared again when something changes, and from time to time",
  ];
}

function describeUnread({ status }: Application): Clauses | undefined {
  if (status?.sync?.status !== undefined && status.sync.status !== "Unknown") return undefined;
  return ["Nothing is known of it yet", "it is compared with its source as soon as that was read"];
}

/** `Revision 6d77c03 by Ada, 2h ago`. */
function describeRevision({ app, commit, nowMs }: HeadlineInput): string {
  const revision = revisionOf(app);
  if (revision === "") return "What Git says";
  const name = revision.includes(",") ? `Revisions ${revision}` : `Revision ${revision}`;
  const author = commit?.author === undefined || commit.author === "" ? "" : ` by ${nameOf(commit.author)}`;
  const age = commit?.date === undefined ? "" : `, ${formatAgo(commit.date, nowMs)},`;
  return `${name}${author}${age}`;
}

/** Of `Ada Lovelace <ada@example.com>` the name. */
export function nameOf(author: string): string {
  return author.replace(/\s*<[^>]*>\s*$/u, "") || author;
}

function describeDifference(input: HeadlineInput): Clauses | undefined {
  const { app } = input;
  if (app.status?.sync?.status !== "OutOfSync") return undefined;
  const resources = (app.status.resources ?? []).filter(({ status }) => status === "OutOfSync");
  const pruned = resources.filter(({ requiresPruning }) => requiresPruning === true).length;
  const isNew = (app.status.history ?? []).length === 0 && app.status.operationState === undefined;
  const revision = describeRevision(input);
  const prune = pruned === 0 ? "" : `, ${pruned} of which Git does not have any more`;
  const is = isNew
    ? `${revision} is not deployed yet`
    : `${revision} and the cluster${deployedBefore(app)} differ in ${formatCount(resources.length, "object")}${prune}`;
  return [is, describeWay(input, { isPruneOnly: pruned > 0 && pruned === resources.length })];
}

/** What was deployed last, where that is another revision. */
function deployedBefore({ status }: Application): string {
  const revision = status?.history?.at(-1)?.revision ?? "";
  if (revision === "" || revision === status?.sync?.revision) return "";
  return ` (${formatRevision(revision)} was deployed last)`;
}

/** Conditions that say why nothing goes on by itself, the one that says most first. */
const reasons = [
  "ApprovalRequired",
  "PromotionRequired",
  "DependencyError",
  "DependencyWarning",
  "SyncWindowWarning",
  "RollbackWarning",
  "SyncError",
  "SelfHealWarning",
];

/** How what differs is brought to the cluster, or why it is not. */
function describeWay(input: HeadlineInput, { isPruneOnly }: { readonly isPruneOnly: boolean }): string {
  const { app, windows } = input;
  for (const type of reasons) {
    const [message] = messagesOf(input, type);
    if (message !== undefined) return message;
  }
  if (!isAutomated(app)) {
    return `it waits for somebody to sync it${forbiddenToPeople(input)}${lastFailure(input)}`;
  }
  if (isPruneOnly && app.spec?.syncPolicy?.automated?.prune !== true)
    return "nothing is deleted by itself, because automated prune is off: sync with prune to delete them";
  const blocking = blockingWindows(windows);
  if (blocking.length > 0)
    return `the sync waits${untilOpen(input)}, because ${closedBy(windows)} forbids it now`;
  const operation = app.status?.operationState;
  const isTried = operation?.syncResult?.revision === app.status?.sync?.revision;
  if (isTried && operation?.phase !== "Succeeded" && operation !== undefined)
    return `this revision is not tried again by itself${lastFailure(input)}`;
  if (isTried && app.spec?.syncPolicy?.automated?.selfHeal !== true)
    return "it was changed after the sync, and self-heal is off: sync it to undo that";
  return "it is synced by itself any moment";
}

/** Of syncs that somebody asks for. */
function forbiddenToPeople({ windows, nowMs }: HeadlineInput): string {
  if (windows?.canSync !== false) return "";
  const until = formatUntil(windows.manualTurnsAt, nowMs);
  return `, which ${closedBy(windows)} forbids${until === "" ? " now" : until}`;
}

function untilOpen({ windows, nowMs }: HeadlineInput): string {
  return formatUntil(windows?.automatedTurnsAt, nowMs);
}

function closedBy(windows: SyncWindows | undefined): string {
  const [first, ...more] = blockingWindows(windows);
  if (first === undefined) return "a sync window";
  return `the sync window ${formatWindow(first)}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}

function lastFailure({ app, nowMs }: HeadlineInput): string {
  const { phase, message = "", finishedAt } = app.status?.operationState ?? {};
  if (phase !== "Failed" && phase !== "Error") return "";
  const ago = finishedAt === undefined ? "" : ` ${formatAgo(finishedAt, nowMs)}`;
  return `: the last sync failed${ago} (${asClause(shortenRevisions(message))})`;
}

function describeSynced(input: HeadlineInput): Clauses {
  const { app, windows } = input;
  const is = `${describeRevision(input)} is deployed ${describeHealth(app, input.nowMs)}`;
  const hold = ["RollbackWarning", "SelfHealWarning"].flatMap((type) => messagesOf(input, type))[0];
  if (hold !== undefined) return [is, hold];
  if (!isAutomated(app)) return [is, `new commits wait for somebody to sync them${forbiddenToPeople(input)}`];
  if (blockingWindows(windows).length > 0)
    return [is, `new commits wait${untilOpen(input)}, because ${closedBy(windows)} forbids syncs now`];
  const heals = app.spec?.syncPolicy?.automated?.selfHeal === true;
  return [
    is,
    `new commits are deployed ${heals ? "and changes in the cluster undone " : ""}by themselves${formatClosing(windows, input.nowMs)}`,
  ];
}

/** What the conditions of a type say, short enough for a sentence. */
function messagesOf({ app, nowMs }: HeadlineInput, type: string): readonly string[] {
  return (app.status?.conditions ?? [])
    .filter((condition) => condition.type === type)
    .map(({ message = "" }) => withoutCommands(withoutSubject(message, app)))
    .map((message) => asClause(sayTimes(shortenRevisions(message), nowMs)));
}

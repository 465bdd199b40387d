import { formatDuration, formatRevision } from "../../../lib/format.ts";
import type { Application } from "../application-query.ts";
import { sourcesOf } from "../../applications/describe-application.ts";
import { isSame } from "../is-same.ts";

type Entry = NonNullable<NonNullable<Application["status"]>["history"]>[number];

export interface HistoryEntry {
  readonly id: number;
  /** By source. */
  readonly revisions: readonly string[];
  readonly by: string;
  readonly deployedAt: string | undefined;
  readonly duration: string;
  /** It is what is deployed now. */
  readonly isCurrent: boolean;
  /** Its sources were set otherwise than they are now. */
  readonly isOtherSource: boolean;
}

/** What was deployed, the newest first. */
export function entriesOf(app: Application): readonly HistoryEntry[] {
  const history = app.status?.history ?? [];
  const newest = history.at(-1)?.id;
  return history.toReversed().map((entry) => ({
    id: entry.id ?? 0,
    revisions: (entry.revisions ?? []).length > 0 ? (entry.revisions ?? []) : [entry.revision ?? ""],
    by: starterOf(entry),
    deployedAt: entry.deployedAt,
    duration: durationOf(entry),
    isCurrent: entry.id === newest,
    isOtherSource: !isSame(entrySources(entry), sourcesOf(app)),
  }));
}

function entrySources({ source, sources = [] }: Entry) {
  return sources.length > 0 ? sources : source === undefined ? [] : [source];
}

function starterOf({ initiatedBy }: Entry): string {
  const { username = "", automated } = initiatedBy ?? {};
  if (username !== "") return automated === true ? `itself, approved by ${username}` : username;
  return automated === true ? "itself" : "unknown";
}

function durationOf({ deployStartedAt, deployedAt }: Entry): string {
  if (deployStartedAt === undefined || deployedAt === undefined) return "";
  const ms = Date.parse(deployedAt) - Date.parse(deployStartedAt);
  if (Number.isNaN(ms)) return "";
  // Times are written in whole seconds.
  return ms < 1_000 ? "under 1 s" : formatDuration(ms);
}

export function formatRevisions({ revisions }: HistoryEntry): string {
  return revisions.map((revision) => formatRevision(revision)).join(", ");
}

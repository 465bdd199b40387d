import type { Application, RevisionHistory } from "#core/app/index.ts";
import { formatRevisions } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { Deployment, RollbackHold } from "#core/rollback/index.ts";
import { entryOf, parseHold, parseLastHealthy, viewRollbackSettings } from "#core/rollback/index.ts";
import { formatDuration } from "#core/sync/index.ts";
import { formatMoment } from "./app-view.ts";

/** Lines of `app get` about rollbacks on failure: what is asked for, and what is held. */
export function rollbackRows(app: Application): readonly (readonly [string, string])[] {
  const { annotations } = app.metadata;
  const settings = viewRollbackSettings(annotations);
  const hold = readable(() => parseHold(annotations));
  const whose = settings?.ofManual === true ? ", of manual syncs, too" : "";
  return [
    ...(settings === undefined
      ? []
      : [["Rollback:", `on failure, after ${formatDuration(settings.deadlineMs)}${whose}`] as const]),
    ...(hold === undefined
      ? []
      : [["Held:", hold === "unreadable" ? unreadable : describe(hold, app.metadata.name)] as const]),
  ];
}

/** What `app history` says beside an entry. */
export function noteOnEntry(app: Application, entry: RevisionHistory): string {
  const { history } = app.status ?? {};
  const { annotations } = app.metadata;
  const isEntry = (deployment: Deployment | undefined | "unreadable") =>
    deployment !== "unreadable" && entryOf(history, deployment) === entry;
  const hold = readable(() => parseHold(annotations));
  const notes = [
    ...(isEntry(readable(() => parseLastHealthy(annotations))) ? ["last healthy"] : []),
    ...(hold !== "unreadable" && isEntry(hold?.to) ? ["kept to"] : []),
  ];
  return notes.join(", ");
}

const unreadable = "annotation mooring.dev/rollback-hold cannot be read";
const states = { pending: "to be rolled back", done: "rolled back", failed: "rollback failed" } as const;

function describe({ revisions, to, since, state }: RollbackHold, name: string): string {
  const [from, back] = [formatRevisions(revisions), formatRevisions(to.revisions)];
  return `${from} since ${formatMoment(since)}, ${states[state]} to ${back} (lift: mooring app resume ${name})`;
}

/** What somebody has changed by hand is told of, and hides nothing else. */
function readable<T>(read: () => T): T | "unreadable" {
  try {
    return read();
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    return "unreadable";
  }
}

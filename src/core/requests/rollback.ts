import type { Application, Operation, RevisionHistory } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, isAutomated } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";

export interface RollbackOptions {
  /** An id of the history; the entry before the last when undefined. */
  readonly id: number | undefined;
  readonly prune: boolean;
  readonly username: string;
}

/** The operation that deploys an entry of the history again. Throws SYNC_REFUSED or APP_NOT_FOUND. */
export function rollbackOperation(app: Application, { id, prune, username }: RollbackOptions): Operation {
  const subject = formatAppKey(appKeyOf(app));
  if (isAutomated(app)) {
    throw new MooringError(
      "SYNC_REFUSED",
      `${subject}: rollback cannot be performed when auto-sync is enabled, which would undo it; turn it off first with: mooring app set ${app.metadata.name} --sync-policy none`,
    );
  }
  const entry = entryOf(app, id);
  const { source, sources = [], revisions } = entry;
  const options = app.spec.syncPolicy?.syncOptions;
  return {
    sync: {
      ...(sources.length > 0
        ? { sources, ...(revisions === undefined ? {} : { revisions }) }
        : entry.revision === undefined
          ? {}
          : { revision: entry.revision }),
      ...(prune ? { prune: true } : {}),
      ...(source === undefined || sources.length > 0 ? {} : { source }),
      ...(options === undefined ? {} : { syncOptions: options }),
    },
    initiatedBy: { username },
  };
}

function entryOf(app: Application, id: number | undefined): RevisionHistory {
  const history = app.status?.history ?? [];
  const entry = id === undefined ? history.at(-2) : history.find((one) => one.id === id);
  if (entry !== undefined) return entry;
  const subject = formatAppKey(appKeyOf(app));
  const ids = history.map((one) => one.id).join(", ");
  const has = ids === "" ? "it has no history" : `its history has ${ids}`;
  const what = id === undefined ? "nothing was deployed before the last sync" : `no history entry ${id}`;
  throw new MooringError("APP_NOT_FOUND", `${subject}: ${what}; ${has}`);
}

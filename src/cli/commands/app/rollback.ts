import type { Application, Operation, RevisionHistory } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import { appRef, openHub } from "../../hub.ts";
import { outputFlag } from "../../output/print-app.ts";
import { runOperations } from "../../run-operations.ts";
import { usageError } from "../../usage-error.ts";
import { isAutomated } from "../../view/app-view.ts";

export const command = defineCommand({
  name: "app rollback",
  summary: "Deploy what was deployed before",
  details:
    "Without ID it goes back to what was deployed before the last sync. Exit codes: 0 it succeeded, 1 it did not.",
  examples: ["mooring app history web", "mooring app rollback web 3 --prune"],
  args: { usage: "APPNAME [ID]", min: 1, max: 2 },
  flags: {
    ...appNamespaceFlag,
    ...outputFlag,
    prune: { type: "boolean", description: "Delete what was not there then" },
    timeout: { type: "integer", value: "SECONDS", description: "Give up waiting after this long" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const id = parseId(args[1]);
    await using hub = await openHub(invocation, ports);
    return await runOperations({
      hub,
      ports,
      refs: [appRef(hub, args[0] ?? "", flags["app-namespace"])],
      operationOf: (app) =>
        rollbackOperation(app, { id, prune: flags.prune === true, username: ports.userName }),
      async: false,
      timeoutSeconds: flags.timeout,
      output: flags.output,
      color: flags.color,
      verb: "rollback of",
    });
  },
});

function parseId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/u.test(text))
    throw usageError(
      `app rollback: ID ${JSON.stringify(text)} is no number; see: mooring app history APPNAME`,
    );
  return Number(text);
}

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

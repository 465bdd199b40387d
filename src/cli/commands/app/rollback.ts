import { rollbackOperation } from "#core/requests/index.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import { appRef, openHub } from "../../hub.ts";
import { outputFlag } from "../../output/print-app.ts";
import { runOperations } from "../../run-operations.ts";
import { usageError } from "../../usage-error.ts";

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
      request: async (api, { app, signal }) => {
        const { namespace: appNamespace = "", name } = app.metadata;
        const wanted = { name, appNamespace, project: app.spec.project, prune: flags.prune === true };
        return await api.ask.application.rollback({ ...wanted, ...(id === undefined ? {} : { id }) }, signal);
      },
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

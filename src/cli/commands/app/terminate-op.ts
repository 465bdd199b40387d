import { parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";

export const command = defineCommand({
  name: "app terminate-op",
  summary: "Stop the running operation of an application",
  args: oneApp,
  flags: appNamespaceFlag,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => {
        const app = parseApplication(object);
        const phase = app.status?.operationState?.phase;
        if (phase === "Terminating" && app.operation !== undefined) return undefined;
        if (app.operation !== undefined && phase === "Running") {
          return { status: { operationState: { phase: "Terminating" } } };
        }
        // Asked for and not taken up yet: taking it back is enough.
        if (app.operation !== undefined) return { operation: null };
        throw new MooringError(
          "APP_NOT_FOUND",
          `Application/${ref.namespace}/${ref.name}: no operation is in progress; see: mooring app get ${ref.name} --show-operation`,
        );
      },
    });
    ports.stdout.write(`application '${ref.name}' operation terminating\n`);
    return 0;
  },
});

import { parseApplication } from "#core/app/index.ts";
import { terminationPatch } from "#core/requests/index.ts";
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
    const { signal } = ports;
    if (hub.api === undefined)
      await patchObject(hub, ref, { signal, decide: (object) => terminationPatch(parseApplication(object)) });
    else
      await hub.api.ask.application.terminateOperation(
        { name: ref.name, appNamespace: ref.namespace },
        signal,
      );
    ports.stdout.write(`application '${ref.name}' operation terminating\n`);
    return 0;
  },
});

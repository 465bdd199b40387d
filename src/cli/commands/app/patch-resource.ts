import { defineCommand, oneApp } from "../../command.ts";
import { chooseObjects, refuseSeveral, treeFlags } from "../../server/choose-object.ts";
import { requireServer } from "../../server/open-server.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app patch-resource",
  summary: "Patch an object of an application in its cluster",
  details: "Asks the API server. A sync undoes it where Git sets the same fields.",
  examples: [
    `mooring app patch-resource web --kind Deployment --resource-name web --patch '{"spec": {"replicas": 2}}' --patch-type application/merge-patch+json`,
  ],
  args: oneApp,
  flags: {
    ...treeFlags,
    patch: { type: "string", value: "JSON", description: "The patch" },
    "patch-type": {
      type: "string",
      choices: ["application/merge-patch+json", "application/json-patch+json"],
      description: "RFC 7386, the default, or RFC 6902",
    },
    all: { type: "boolean", description: "Patch every object that matches, not only one" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const command = "app patch-resource";
    const { patch, "patch-type": patchType = "application/merge-patch+json" } = flags;
    if (patch === undefined) throw usageError(`${command} needs --patch JSON`);
    await using api = await requireServer(invocation, ports);
    const objects = await chooseObjects(api, { app: args[0] ?? "", flags, command }, ports.signal);
    refuseSeveral(objects, command, flags.all === true);
    for (const object of objects) {
      await api.ask.application.patchResource({ ...object, patch, patchType }, ports.signal);
      ports.stdout.write(`Resource '${object.resourceName}' patched\n`);
    }
    return 0;
  },
});

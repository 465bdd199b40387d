import { defineCommand, oneApp } from "../../command.ts";
import { chooseObjects, refuseSeveral, treeFlags } from "../../server/choose-object.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "app delete-resource",
  summary: "Delete an object of an application from its cluster",
  details: "Asks the API server. What Git has comes back with the next sync.",
  args: oneApp,
  flags: {
    ...treeFlags,
    orphan: { type: "boolean", description: "Leave what belongs to the object" },
    force: { type: "boolean", description: "Do not wait for what the object runs to end" },
    all: { type: "boolean", description: "Delete every object that matches, not only one" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const command = "app delete-resource";
    const { orphan = false, force = false } = flags;
    await using api = await requireServer(invocation, ports);
    const objects = await chooseObjects(api, { app: args[0] ?? "", flags, command }, ports.signal);
    refuseSeveral(objects, command, flags.all === true);
    for (const object of objects) {
      await api.ask.application.deleteResource({ ...object, orphan, force }, ports.signal);
      ports.stdout.write(`Resource '${object.resourceName}' deleted\n`);
    }
    return 0;
  },
});

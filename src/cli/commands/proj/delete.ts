import { MooringError } from "#core/errors/index.ts";
import { viewString } from "#core/object/index.ts";
import { defineCommand } from "../../command.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { openHub, readProject } from "../../hub.ts";
import { formatAppName, listAllApplications } from "../../list-applications.ts";

export const command = defineCommand({
  name: "proj delete",
  summary: "Delete a project",
  details: "Refused while applications of any namespace use it, and for the project default.",
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: {},
  run: async (invocation, ports) => {
    const name = invocation.args[0] ?? "";
    const { signal } = ports;
    await using hub = await openHub(invocation, ports);
    const project = await readProject(hub, name, signal);
    if (name === "default")
      throw new MooringError("APP_INVALID", "AppProject/default: cannot be deleted; empty its lists instead");
    const apps = await listAllApplications(hub, { ports, project });
    const users = apps
      .filter((app) => viewString(app, "spec", "project") === name)
      .map((app) => formatAppName(app, hub));
    if (users.length > 0) {
      const more = users.length > 5 ? ` and ${users.length - 5} more` : "";
      throw new MooringError(
        "POLICY_FORBIDDEN",
        `AppProject/${hub.namespace}/${name}: is used by ${users.length === 1 ? "application" : "applications"} ${users.slice(0, 5).join(", ")}${more}; delete them or give them another project first`,
      );
    }
    const ref = { type: hubTypes.project, namespace: hub.namespace, name };
    await hub.cluster.remove(ref, { propagation: "Background", uid: project.metadata.uid ?? "", signal });
    ports.stdout.write(`project '${name}' deleted\n`);
    return 0;
  },
});

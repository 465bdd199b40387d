import { parseClusterSecret } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { viewString } from "#core/object/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";
import { defineCommand } from "../../command.ts";
import { confirm } from "../../confirm.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { openHub } from "../../hub.ts";
import { listAllApplications } from "../../list-applications.ts";
import { namedCluster } from "../../server/named-cluster.ts";
import { nearest } from "#runtime/nearest.ts";

export const command = defineCommand({
  name: "cluster rm",
  summary: "Remove a cluster",
  details: "Only its Secret here: its objects and the service account on it stay.",
  args: { usage: "SERVER|NAME", min: 1, max: 1 },
  flags: { yes: { type: "boolean", short: "y", description: "Do not ask" } },
  run: async (invocation, ports) => {
    const wanted = (invocation.args[0] ?? "").replace(/\/+$/u, "");
    const { signal } = ports;
    await using hub = await openHub(invocation, ports);
    if (hub.api !== undefined) {
      const { server = "", name = "" } = await hub.api.ask.cluster.get(namedCluster(wanted), signal);
      if (invocation.flags.yes !== true && ports.stdin.isTTY) {
        if (!(await confirm(`Remove cluster ${name} (${server}) ${hub.place}?`, { ports, flag: "--yes" })))
          return 0;
      }
      await hub.api.ask.cluster.delete({ server }, signal);
      ports.stdout.write(`Cluster '${server}' removed\n`);
      return 0;
    }
    const { namespace } = hub;
    const labelSelector = `${secretTypeLabel}=cluster`;
    const secrets = await hub.cluster.list(hubTypes.secret, { namespace, labelSelector, signal });
    const records = secrets.map((secret) => ({ secret, record: parseClusterSecret(secret) }));
    const found = records.filter(({ record }) => record.server === wanted || record.name === wanted);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const near = nearest(
        wanted,
        records.map(({ record }) => record.name),
      );
      const hint = near === undefined ? "see: mooring cluster list" : `did you mean ${near}?`;
      const what = only === undefined ? "does not exist" : `means ${found.length} clusters`;
      throw new MooringError(
        "CONFIG_NOT_FOUND",
        `cluster ${wanted}: ${what}; ${only === undefined ? hint : "name its server"}`,
      );
    }
    const { server, name } = only.record;
    const apps = await listAllApplications(hub, { ports });
    const users = apps.filter(
      (app) =>
        viewString(app, "spec", "destination", "server") === server ||
        viewString(app, "spec", "destination", "name") === name,
    );
    if (invocation.flags.yes !== true && ports.stdin.isTTY) {
      const used = users.length === 0 ? "" : ` ${users.length} applications are deployed there.`;
      if (
        !(await confirm(`Remove cluster ${name} (${server}) ${hub.place}?${used}`, { ports, flag: "--yes" }))
      )
        return 0;
    }
    const { name: secretName = "", uid = "" } = only.secret.metadata;
    const ref = { type: hubTypes.secret, namespace, name: secretName };
    await hub.cluster.remove(ref, { propagation: "Background", uid, signal });
    ports.stdout.write(`Cluster '${server}' removed\n`);
    return 0;
  },
});

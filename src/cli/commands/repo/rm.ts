import { MooringError } from "#core/errors/index.ts";
import { labelsOf } from "#core/object/index.ts";
import { parseRepositorySecret, repositoryMatchKey, scrubUrls, secretTypeLabel } from "#core/repo/index.ts";
import { defineCommand } from "../../command.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { openHub } from "../../hub.ts";

export const command = defineCommand({
  name: "repo rm",
  summary: "Remove a repository",
  details: "Only its settings and credentials here; the repository itself is not touched.",
  args: { usage: "REPOURL...", min: 1, max: Number.POSITIVE_INFINITY },
  flags: {
    project: { type: "string", value: "NAME", description: "The one that is scoped to this project" },
  },
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const { cluster, namespace } = hub;
    const { signal } = ports;
    if (hub.api !== undefined) {
      const appProject = invocation.flags.project ?? "";
      for (const repo of invocation.args) {
        await hub.api.ask.repository.deleteRepository({ repo, appProject }, signal);
        ports.stdout.write(`Repository '${scrubUrls(repo)}' removed\n`);
      }
      return 0;
    }
    const labelSelector = `${secretTypeLabel}=repository`;
    const secrets = await cluster.list(hubTypes.secret, { namespace, labelSelector, signal });
    for (const url of invocation.args) {
      const found = secrets
        .filter((secret) => labelsOf(secret)[secretTypeLabel] === "repository")
        .find((secret) => {
          const settings = parseRepositorySecret(secret);
          const scope = invocation.flags.project ?? "";
          return settings.project === scope && repositoryMatchKey(settings.url) === repositoryMatchKey(url);
        });
      if (found === undefined) {
        throw new MooringError(
          "CONFIG_NOT_FOUND",
          `repository ${scrubUrls(url)}: does not exist in namespace ${namespace}; see: mooring repo list`,
        );
      }
      const { name = "", uid = "" } = found.metadata;
      await cluster.remove(
        { type: hubTypes.secret, namespace, name },
        { propagation: "Background", uid, signal },
      );
      ports.stdout.write(`Repository '${scrubUrls(url)}' removed\n`);
    }
    return 0;
  },
});

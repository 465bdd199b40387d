import type { JsonValue } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { parseProject } from "#core/project/index.ts";
import { defineCommand } from "../../command.ts";
import { openHub, readProject } from "../../hub.ts";
import { printValue, withoutManagedFields } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";

export const command = defineCommand({
  name: "proj get",
  summary: "Show a project",
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: {
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const object = await readProject(hub, invocation.args[0] ?? "", ports.signal);
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, withoutManagedFields(object) as JsonValue);
    else ports.stdout.write(formatProject(parseProject(object)));
    return 0;
  },
});

interface ListedKind {
  readonly group: string;
  readonly kind: string;
  /** A glob of names. */
  readonly name?: string;
}

/** One line for each entry of each list, the label on the first. */
function formatProject({ metadata, spec }: AppProject): string {
  const kinds = (list: readonly ListedKind[] = []) =>
    list.map(({ group, kind, name = "" }) => `${group}/${kind}${name === "" ? "" : ` ${name}`}`);
  const destinations = (spec.destinations ?? []).map(
    ({ server = "", name = "", namespace = "" }) => `${server === "" ? name : server},${namespace}`,
  );
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["Name:", [metadata.name]],
    ["Description:", [spec.description ?? ""]],
    ["Destinations:", destinations],
    ["Repositories:", spec.sourceRepos ?? []],
    ["Source Namespaces:", spec.sourceNamespaces ?? []],
    ["Allowed Cluster Resources:", kinds(spec.clusterResourceWhitelist)],
    ["Denied Cluster Resources:", kinds(spec.clusterResourceBlacklist)],
    [
      "Allowed Namespaced Resources:",
      spec.namespaceResourceWhitelist === undefined ? ["*/*"] : kinds(spec.namespaceResourceWhitelist),
    ],
    ["Denied Namespaced Resources:", kinds(spec.namespaceResourceBlacklist)],
    ["Signature keys:", (spec.signatureKeys ?? []).map(({ keyID }) => keyID)],
    [
      "Source Integrity:",
      (spec.sourceIntegrity?.git.policies ?? []).map(
        ({ repos, gpg }) => `${gpg.mode} ${gpg.keys.join(",")} for ${repos.map(({ url }) => url).join(",")}`,
      ),
    ],
  ];
  const rows = lists.flatMap(([label, entries]) =>
    (entries.length === 0 ? ["<none>"] : entries).map((entry, i) => [i === 0 ? label : "", entry]),
  );
  return formatTable(rows);
}

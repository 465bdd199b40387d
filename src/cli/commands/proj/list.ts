import { parseProject } from "#core/project/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { listHub, openHub } from "../../hub.ts";
import { printValue, withoutManagedFields } from "../../output/print-value.ts";
import { formatTable, oneLine } from "../../output/table.ts";

export const command = defineCommand({
  name: "proj list",
  summary: "List projects",
  args: noArgs,
  flags: {
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "name", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { output } = invocation.flags;
    await using hub = await openHub(invocation, ports);
    const projects = await listHub(hub, hubTypes.project, { signal: ports.signal });
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, projects.map((one) => withoutManagedFields(one)) as JsonValue);
    else if (output === "name")
      ports.stdout.write(projects.map((one) => `${one.metadata.name ?? ""}\n`).join(""));
    else ports.stdout.write(formatTable([header, ...projects.map((one) => rowOf(one))]));
    return 0;
  },
});

const header = [
  "NAME",
  "DESCRIPTION",
  "DESTINATIONS",
  "SOURCES",
  "CLUSTER-RESOURCE-WHITELIST",
  "NAMESPACE-RESOURCE-BLACKLIST",
  "ORPHANED-RESOURCES",
];

function rowOf(object: KubeObject): readonly string[] {
  const { metadata, spec } = parseProject(object);
  const [destination, ...moreDestinations] = spec.destinations ?? [];
  const { server = "", name = "", namespace = "" } = destination ?? {};
  const [source, ...moreSources] = spec.sourceRepos ?? [];
  return [
    metadata.name,
    oneLine(spec.description ?? ""),
    count(
      destination === undefined ? undefined : `${server === "" ? name : server},${namespace}`,
      moreDestinations,
      "destinations",
    ),
    count(source, moreSources, "repos"),
    kinds(spec.clusterResourceWhitelist),
    kinds(spec.namespaceResourceBlacklist),
    spec.orphanedResources === undefined ? "disabled" : "enabled",
  ];
}

/** The only entry, or how many there are. */
function count(first: string | undefined, more: readonly unknown[], what: string): string {
  if (first === undefined) return "<none>";
  return more.length === 0 ? first : `${more.length + 1} ${what}`;
}

function kinds(list: readonly { readonly group: string; readonly kind: string }[] = []): string {
  const [first, ...more] = list;
  return count(first === undefined ? undefined : `${first.group}/${first.kind}`, more, "resources");
}

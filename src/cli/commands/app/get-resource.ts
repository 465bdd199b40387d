import type { JsonValue } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { defineCommand, oneApp } from "../../command.ts";
import { printDocuments, printValue, withoutManagedFields } from "../../output/print-value.ts";
import { chooseObjects, treeFlags } from "../../server/choose-object.ts";
import { requireServer } from "../../server/open-server.ts";
import { parseAnswer } from "../../server/parse-answer.ts";

export const command = defineCommand({
  name: "app get-resource",
  summary: "Print objects of an application as they are in its cluster",
  details: "Asks the API server. Values of Secrets are replaced by hashes.",
  examples: ["mooring app get-resource web --kind Deployment --filter-fields spec.replicas,status"],
  args: oneApp,
  flags: {
    ...treeFlags,
    "filter-fields": {
      type: "strings",
      value: "PATHS",
      description: "Only these fields, with commas between them",
    },
    "show-managed-fields": { type: "boolean", description: "With the record of who owns which field" },
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    await using api = await requireServer(invocation, ports);
    const request = { app: args[0] ?? "", flags, command: "app get-resource" };
    const paths = flags["filter-fields"].flatMap((text) => text.split(","));
    const objects: JsonValue[] = [];
    for (const object of await chooseObjects(api, request, ports.signal)) {
      const { manifest = "" } = await api.ask.application.getResource(object, ports.signal);
      const found = parseAnswer(manifest, api.address);
      if (found === undefined) continue;
      const shown = flags["show-managed-fields"] === true ? found : withoutManagedFields(found);
      objects.push(paths.length === 0 ? shown : onlyFields(shown, paths));
    }
    const [first] = objects;
    if (flags.output === "json")
      printValue(ports.stdout, "json", objects.length === 1 && first !== undefined ? first : objects);
    else printDocuments(ports.stdout, objects);
    return 0;
  },
});

/** Each field under its whole path, as argocd prints it. */
function onlyFields(object: Parameters<typeof withoutManagedFields>[0], paths: readonly string[]): JsonValue {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = viewPath(object, ...path.split("."));
      return value === undefined ? [] : [[path, value] as const];
    }),
  );
}

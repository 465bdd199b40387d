import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";
import type { SourceChoice } from "../../revision-flags.ts";
import { findSource } from "../../revision-flags.ts";
import { sourceChoiceFlags } from "../../source-flags/flags.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app remove-source",
  summary: "Remove one of an application's sources",
  details: "What the source rendered leaves the Application: a sync with --prune deletes it.",
  examples: ["mooring app remove-source web --source-position 2"],
  args: oneApp,
  flags: { ...sourceChoiceFlags, ...appNamespaceFlag },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const choice = { position: flags["source-position"], name: flags["source-name"] };
    if (choice.position === undefined && choice.name === undefined)
      throw usageError("app remove-source needs --source-position or --source-name");
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", flags["app-namespace"]);
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => ({ spec: withoutSource(viewObject(object, "spec"), choice) }),
    });
    ports.stdout.write(`application '${ref.name}' updated successfully\n`);
    return 0;
  },
});

/** Throws CLI_USAGE for a source that is not there, and for the last one. */
export function withoutSource(spec: JsonObject, choice: SourceChoice): JsonObject {
  const sources = viewArray(spec, "sources").filter((one) => isJsonObject(one));
  const at = findSource(sources, choice);
  if (sources.length > 1) return { sources: sources.toSpliced(at, 1) };
  throw usageError("app remove-source: it is the application's only source; delete the application instead");
}

import { parseApplication } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { checkApplications } from "../../check-applications.ts";
import { appRef, openHub, patchObject, readApplication } from "../../hub.ts";
import { applySourceFlags } from "../../source-flags/apply.ts";
import { sourceFlags } from "../../source-flags/flags.ts";
import { readLiteral } from "../../source-flags/read-literal.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app add-source",
  summary: "Add a source to an application",
  details:
    "Puts it at the end of the Application's sources. An Application with a single source in spec.source is refused: moving it into\nspec.sources changes what its status and history look like; do that with app patch.",
  examples: ["mooring app add-source web --repo https://git.example.com/values.git --ref values"],
  args: oneApp,
  flags: {
    ...sourceFlags,
    ...appNamespaceFlag,
    "source-name": { type: "string", value: "NAME", description: "Name of the new source" },
    validate: {
      type: "boolean",
      description: "Ask the repository before changing; true by default, --validate=false to go without",
    },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const literal = await readLiteral(flags["values-literal-file"], ports);
    const added = applySourceFlags({}, { flags, literal });
    if (added === undefined)
      throw usageError("app add-source needs --repo; see: mooring app add-source --help");
    const name = flags["source-name"];
    const source: JsonObject = { ...added, ...(name === undefined ? {} : { name }) };
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", flags["app-namespace"]);
    const before = await readApplication(hub, ref, ports.signal);
    const wanted = parseApplication({
      ...before,
      spec: { ...before.spec, ...withSource(before.spec, source) },
    });
    await checkApplications([wanted], { hub, ports, validate: flags.validate !== false });
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => ({ spec: withSource(viewObject(object, "spec"), source) }),
    });
    ports.stdout.write(`application '${ref.name}' updated successfully\n`);
    return 0;
  },
});

/** Throws CLI_USAGE for an Application that does not list its sources. */
function withSource(spec: JsonObject, source: JsonObject): JsonObject {
  const sources = viewArray(spec, "sources");
  if (sources.length > 0) return { sources: [...sources, source] };
  throw usageError(
    "app add-source: the application has one source, in spec.source; move it into spec.sources first",
  );
}

import { parseApplication } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { mergePatchOf, viewObject } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { checkApplications } from "../../check-applications.ts";
import { appRef, openHub, patchObject, readApplication } from "../../hub.ts";
import { isGiven, sourceChoiceFlags } from "../../source-flags/flags.ts";
import { readLiteral } from "../../source-flags/read-literal.ts";
import { applySpecFlags, specFlags } from "../../spec-flags.ts";
import { usageError } from "../../usage-error.ts";
import { formatPaths } from "../../view/patch-paths.ts";

export const command = defineCommand({
  name: "app set",
  summary: "Change an application's spec",
  args: oneApp,
  flags: {
    ...specFlags,
    ...sourceChoiceFlags,
    ...appNamespaceFlag,
    validate: {
      type: "boolean",
      description: "Ask the repository before changing; true by default, --validate=false to go without",
    },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const given = Object.keys(specFlags).some((name) => isGiven(flags[name as keyof typeof specFlags]));
    if (!given) throw usageError("app set: nothing to set; see: mooring app set --help");
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", flags["app-namespace"]);
    const choice = { position: flags["source-position"], name: flags["source-name"] };
    const literal = await readLiteral(flags["values-literal-file"], ports);
    const specOf = (spec: JsonObject) =>
      JSON.parse(JSON.stringify(applySpecFlags(spec, flags, { choice, literal }))) as JsonObject;
    const before = await readApplication(hub, ref, ports.signal);
    const wanted = parseApplication({ ...before, spec: specOf(viewObject(before, "spec")) });
    await checkApplications([wanted], { hub, ports, validate: flags.validate !== false });
    let changes: JsonObject | undefined;
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => {
        const spec = viewObject(object, "spec");
        changes = mergePatchOf(spec, specOf(spec));
        return changes === undefined ? undefined : { spec: changes };
      },
    });
    const outcome = changes === undefined ? "unchanged" : `updated (${formatPaths({ spec: changes })})`;
    ports.stdout.write(`application '${ref.name}' ${outcome}\n`);
    return 0;
  },
});

import { parseApplication } from "#core/app/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { applyMergePatch, isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { JsonPatchOperation } from "#ports/cluster.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, cliFieldManager, openHub, patchObject } from "../../hub.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app patch",
  summary: "Patch an application",
  examples: [
    `mooring app patch web --patch '[{"op": "replace", "path": "/spec/source/path", "value": "v2"}]'`,
    `mooring app patch web --patch '{"spec": {"source": {"path": "v2"}}}' --type merge`,
  ],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    patch: { type: "string", value: "JSON", description: "The patch" },
    type: {
      type: "string",
      choices: ["json", "merge"],
      description: "RFC 6902 or RFC 7386; json by default",
    },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const patch = parsePatch(flags.patch);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", flags["app-namespace"]);
    const { signal } = ports;
    if (flags.type === "merge") {
      if (!isJsonObject(patch)) throw usageError("flag --patch: a merge patch is an object");
      const decide = (object: KubeObject) => {
        // A patch that would make the Application unreadable is refused before it is written.
        parseApplication(applyMergePatch(object, patch) as KubeObject);
        return patch;
      };
      await patchObject(hub, ref, { decide, signal });
    } else {
      if (!isJsonArray(patch))
        throw usageError("flag --patch: a JSON patch is a list; for an object pass --type merge");
      if (hub.api !== undefined) {
        const request = {
          name: ref.name,
          appNamespace: ref.namespace,
          patchType: "json",
          patch: JSON.stringify(patch),
        };
        await hub.api.ask.application.patch(request, signal);
        ports.stdout.write(`application '${ref.name}' patched\n`);
        return 0;
      }
      const operations = patch as unknown as readonly JsonPatchOperation[];
      const dryRun = { fieldManager: cliFieldManager, dryRun: true, signal };
      parseApplication(await hub.cluster.jsonPatch(ref, operations, dryRun));
      await hub.cluster.jsonPatch(ref, operations, { fieldManager: cliFieldManager, signal });
    }
    ports.stdout.write(`application '${ref.name}' patched\n`);
    return 0;
  },
});

function parsePatch(text: string | undefined): JsonValue {
  if (text === undefined)
    throw usageError("app patch needs --patch; write: mooring app patch APPNAME --patch JSON");
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw usageError(`flag --patch: it is no JSON: ${messageOf(error)}`);
  }
}

import type { JsonObject } from "#core/object/index.ts";
import { mergePatchOf, viewArray, viewObject } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app unset",
  summary: "Remove settings of an application",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    "sync-option": { type: "strings", value: "NAME=VALUE", description: "Remove this sync option" },
    "sync-retry": { type: "boolean", description: "Remove the retry policy" },
    "revision-history-limit": { type: "boolean", description: "Go back to the default of 10" },
    directory: { type: "boolean", description: "Remove the directory settings" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const change = (spec: JsonObject): JsonObject => {
      const policy = viewObject(spec, "syncPolicy");
      const gone = new Set(flags["sync-option"]);
      const options = viewArray(policy, "syncOptions").filter(
        (one) => typeof one !== "string" || !gone.has(one),
      );
      return {
        ...spec,
        ...(flags["revision-history-limit"] === true ? { revisionHistoryLimit: undefined } : {}),
        ...(flags.directory === true && spec["source"] !== undefined
          ? { source: { ...viewObject(spec, "source"), directory: undefined } }
          : {}),
        ...(spec["syncPolicy"] === undefined
          ? {}
          : {
              syncPolicy: {
                ...policy,
                ...(gone.size === 0 ? {} : { syncOptions: options.length === 0 ? undefined : options }),
                ...(flags["sync-retry"] === true ? { retry: undefined } : {}),
              },
            }),
      };
    };
    const named = [flags["sync-retry"], flags["revision-history-limit"], flags.directory];
    if (flags["sync-option"].length === 0 && !named.includes(true)) {
      throw usageError("app unset: nothing to remove; see: mooring app unset --help");
    }
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", flags["app-namespace"]);
    let changed = false;
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => {
        const spec = viewObject(object, "spec");
        const patch = mergePatchOf(spec, change(spec));
        changed = patch !== undefined;
        return patch === undefined ? undefined : { spec: patch };
      },
    });
    ports.stdout.write(`application '${ref.name}' ${changed ? "updated" : "unchanged"}\n`);
    return 0;
  },
});

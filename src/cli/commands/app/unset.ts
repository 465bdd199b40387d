import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, mergePatchOf, viewArray, viewObject } from "#core/object/index.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";
import { chooseSource } from "../../revision-flags.ts";
import { isGiven, sourceChoiceFlags } from "../../source-flags/flags.ts";
import { unsetSource, unsetSourceFlags } from "../../source-flags/unset.ts";
import { usageError } from "../../usage-error.ts";

const flags = {
  ...appNamespaceFlag,
  ...sourceChoiceFlags,
  ...unsetSourceFlags,
  "sync-option": { type: "strings", value: "NAME=VALUE", description: "Remove this sync option" },
  "sync-retry": { type: "boolean", description: "Remove the retry policy" },
  "revision-history-limit": { type: "boolean", description: "Go back to the default of 10" },
} as const;

type UnsetFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "app unset",
  summary: "Remove settings of an application",
  args: oneApp,
  flags,
  run: async (invocation, ports) => {
    const { flags: given, args } = invocation;
    const others = ["sync-option", "sync-retry", "revision-history-limit"] as const;
    const named = [...others.map((name) => given[name]), ...sourceValuesOf(given)];
    if (!named.some((value) => value !== false && isGiven(value)))
      throw usageError("app unset: nothing to remove; see: mooring app unset --help");
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, args[0] ?? "", given["app-namespace"]);
    let changed = false;
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => {
        const spec = viewObject(object, "spec");
        const patch = mergePatchOf(spec, unsetSpec(spec, given));
        changed = patch !== undefined;
        return patch === undefined ? undefined : { spec: patch };
      },
    });
    ports.stdout.write(`application '${ref.name}' ${changed ? "updated" : "unchanged"}\n`);
    return 0;
  },
});

function sourceValuesOf(given: UnsetFlags): readonly unknown[] {
  return Object.keys(unsetSourceFlags).map((name) => given[name as keyof typeof unsetSourceFlags]);
}

/** The spec without what the flags name. Throws CLI_USAGE. */
export function unsetSpec(spec: JsonObject, given: UnsetFlags): JsonObject {
  const policy = viewObject(spec, "syncPolicy");
  const gone = new Set(given["sync-option"]);
  const options = viewArray(policy, "syncOptions").filter((one) => typeof one !== "string" || !gone.has(one));
  return {
    ...spec,
    ...sourcesWithout(spec, given),
    ...(given["revision-history-limit"] === true ? { revisionHistoryLimit: undefined } : {}),
    ...(spec["syncPolicy"] === undefined
      ? {}
      : {
          syncPolicy: {
            ...policy,
            ...(gone.size === 0 ? {} : { syncOptions: options.length === 0 ? undefined : options }),
            ...(given["sync-retry"] === true ? { retry: undefined } : {}),
          },
        }),
  };
}

function sourcesWithout(spec: JsonObject, given: UnsetFlags): JsonObject {
  if (!sourceValuesOf(given).some((value) => value !== false && isGiven(value))) return {};
  const sources = viewArray(spec, "sources").filter((one) => isJsonObject(one));
  const at = chooseSource(sources, { position: given["source-position"], name: given["source-name"] });
  return at === undefined
    ? { source: unsetSource(viewObject(spec, "source"), given) }
    : { sources: sources.with(at, unsetSource(sources[at] ?? {}, given)) };
}

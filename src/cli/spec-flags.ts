import type { JsonArray, JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import type { Flags, FlagValues } from "./command.ts";
import type { SourceChoice } from "./revision-flags.ts";
import { chooseSource } from "./revision-flags.ts";
import { applySourceFlags } from "./source-flags/apply.ts";
import { present } from "./source-flags/fields.ts";
import { sourceFlags } from "./source-flags/flags.ts";
import { usageError } from "./usage-error.ts";

/** Flags that describe an Application's spec, for `app create` and `app set`. */
export const specFlags = {
  ...sourceFlags,
  project: { type: "string", value: "NAME", description: "Project; default by default" },
  "dest-server": { type: "string", value: "URL", description: "API server URL of the cluster to deploy to" },
  "dest-name": { type: "string", value: "NAME", description: "Name of the cluster to deploy to" },
  "dest-namespace": { type: "string", value: "NAME", description: "Namespace of objects that name none" },
  "sync-policy": {
    type: "string",
    choices: ["none", "automated", "auto", "automatic"],
    description: "Whether to sync without being asked",
  },
  "auto-prune": { type: "boolean", description: "Automated syncs delete what left Git" },
  "self-heal": { type: "boolean", description: "Undo changes made in the cluster" },
  "allow-empty": { type: "boolean", description: "Automated syncs accept a source that renders to nothing" },
  "sync-option": {
    type: "strings",
    value: "NAME=VALUE",
    description: "Add a sync option, or remove it as !NAME=VALUE",
  },
  "revision-history-limit": { type: "integer", description: "How many syncs to remember; 10 by default" },
  "sync-retry-limit": { type: "integer", description: "Attempts after a failed sync; negative for no limit" },
  "sync-retry-backoff-duration": {
    type: "string",
    value: "TIME",
    description: "Wait before the first retry; 5s",
  },
  "sync-retry-backoff-factor": { type: "integer", description: "Multiplies the wait after every retry; 2" },
  "sync-retry-backoff-max-duration": { type: "string", value: "TIME", description: "Longest wait; 3m0s" },
} as const satisfies Flags;

type SpecValues = FlagValues<typeof specFlags>;
export interface SpecExtras {
  /** Which of several sources the flags are about. */
  readonly choice?: SourceChoice;
  /** Content of the file of --values-literal-file. */
  readonly literal?: string | undefined;
}

/** The spec with what the flags say put in; what they do not say stays. Throws CLI_USAGE for flags that make no sense together. */
export function applySpecFlags(spec: JsonObject, flags: SpecValues, extra: SpecExtras = {}): JsonObject {
  const limit = flags["revision-history-limit"];
  const syncPolicy = syncPolicyOf(viewObject(spec, "syncPolicy"), flags);
  return {
    ...spec,
    ...sourceFieldsOf(spec, flags, extra),
    ...present({ project: flags.project, revisionHistoryLimit: limit }),
    destination: destinationOf(viewObject(spec, "destination"), flags),
    syncPolicy: Object.keys(syncPolicy).length === 0 ? undefined : syncPolicy,
  };
}

function sourceFieldsOf(spec: JsonObject, flags: SpecValues, { choice, literal }: SpecExtras): JsonObject {
  const change = { flags, literal };
  const sources = viewArray(spec, "sources").filter((one) => isJsonObject(one));
  const [first = viewObject(spec, "source")] = sources;
  const chosen = choice?.position !== undefined || choice?.name !== undefined;
  // Flags that are about no source leave it open which one.
  if (!chosen && applySourceFlags(first, change) === undefined) return {};
  const at = chooseSource(sources, choice);
  const source = applySourceFlags(at === undefined ? first : (sources[at] ?? {}), change);
  if (source === undefined) return {};
  return at === undefined ? { source } : { sources: sources.with(at, source) };
}

/** A cluster is named by server or by name: giving one takes the other away. */
function destinationOf(destination: JsonObject, flags: SpecValues): JsonObject {
  const server = flags["dest-server"];
  const name = flags["dest-name"];
  return {
    ...destination,
    ...(server !== undefined && name === undefined ? { name: undefined } : {}),
    ...(name !== undefined && server === undefined ? { server: undefined } : {}),
    ...present({ server, name, namespace: flags["dest-namespace"] }),
  };
}

function syncPolicyOf(policy: JsonObject, flags: SpecValues): JsonObject {
  const automated = automatedOf(policy, flags);
  const options = syncOptionsOf(viewArray(policy, "syncOptions"), flags["sync-option"]);
  const retry = retryOf(flags);
  const { automated: _, syncOptions: __, ...rest } = policy;
  return {
    ...rest,
    ...(automated === undefined ? {} : { automated }),
    ...(options.length === 0 ? {} : { syncOptions: options }),
    ...(retry === undefined ? {} : retry === "none" ? { retry: undefined } : { retry }),
  };
}

function automatedOf(policy: JsonObject, flags: SpecValues): JsonObject | undefined {
  const before = policy["automated"];
  const changes = present({
    prune: flags["auto-prune"],
    selfHeal: flags["self-heal"],
    allowEmpty: flags["allow-empty"],
  });
  const choice = flags["sync-policy"];
  const asked = choice !== undefined && choice !== "none";
  if (choice === "none" || (before === undefined && !asked)) {
    const [first] = Object.keys(changes);
    if (first === undefined || Object.values(changes).every((value) => value === false)) return undefined;
    throw usageError(
      "flags --auto-prune, --self-heal and --allow-empty are about automated syncs; add --sync-policy automated",
    );
  }
  const { enabled, ...kept } = isJsonObject(before) ? before : {};
  return { ...kept, ...(asked || enabled === undefined ? {} : { enabled }), ...changes };
}

function syncOptionsOf(before: JsonArray, given: readonly string[]): JsonArray {
  const options = before.filter((option) => typeof option === "string");
  for (const option of given) {
    const removed = option.startsWith("!") ? option.slice(1) : undefined;
    const name = (removed ?? option).split("=", 1)[0] ?? "";
    const others = options.filter((other) => other !== removed && other.split("=", 1)[0] !== name);
    options.splice(0, options.length, ...others, ...(removed === undefined ? [option] : []));
  }
  return options;
}

function retryOf(flags: SpecValues): JsonObject | "none" | undefined {
  const limit = flags["sync-retry-limit"];
  const duration = flags["sync-retry-backoff-duration"];
  const factor = flags["sync-retry-backoff-factor"];
  const maxDuration = flags["sync-retry-backoff-max-duration"];
  if (limit === undefined) {
    if (duration === undefined && factor === undefined && maxDuration === undefined) return undefined;
    throw usageError("flags --sync-retry-backoff-… need --sync-retry-limit; add it");
  }
  if (limit === 0) return "none";
  return {
    limit,
    backoff: { duration: duration ?? "5s", factor: factor ?? 2, maxDuration: maxDuration ?? "3m0s" },
  };
}

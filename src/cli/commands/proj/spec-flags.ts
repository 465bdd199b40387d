import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import type { FlagValues, Flags } from "../../command.ts";
import { usageError } from "../../usage-error.ts";

/** Flags that say what a project is to be. */
export const specFlags = {
  description: { type: "string", description: "What it is for" },
  src: {
    type: "strings",
    short: "s",
    value: "URL",
    description: "Permitted repository, a glob; ! in front forbids",
  },
  dest: {
    type: "strings",
    short: "d",
    value: "SERVER|NAME,NAMESPACE",
    description: "Permitted cluster and namespace, globs",
  },
  "allow-cluster-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Permitted cluster-scoped kind",
  },
  "deny-cluster-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Forbidden cluster-scoped kind",
  },
  "allow-namespaced-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Permitted namespaced kind",
  },
  "deny-namespaced-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Forbidden namespaced kind",
  },
  "dest-service-accounts": {
    type: "strings",
    value: "SERVER,NAMESPACE,ACCOUNT",
    description: "Service account to act as at a destination",
  },
  "source-namespaces": {
    type: "strings",
    value: "GLOB",
    description: "Namespaces whose applications may use it, comma-separated",
  },
  "signature-keys": { type: "strings", value: "ID", description: "Keys that commits must be signed with" },
  "orphaned-resources": { type: "boolean", description: "Watch for objects that nothing manages" },
  "orphaned-resources-warn": { type: "boolean", description: "Warn of them in a condition" },
} as const satisfies Flags;

/** The spec with what the flags say; entries are added to its lists. Throws CLI_USAGE. */
export function specOf(spec: JsonObject, given: FlagValues<typeof specFlags>): JsonObject {
  const list = (field: string, more: readonly JsonValue[]) =>
    more.length === 0 ? {} : { [field]: [...viewArray(spec, field), ...more] };
  return {
    ...spec,
    ...(given.description === undefined ? {} : { description: given.description }),
    ...list("sourceRepos", given.src),
    ...list(
      "destinations",
      given.dest.map((text) => parseDestination(text)),
    ),
    ...list(
      "destinationServiceAccounts",
      given["dest-service-accounts"].map((text) => parseServiceAccount(text)),
    ),
    ...list("sourceNamespaces", listed(given["source-namespaces"])),
    ...list(
      "signatureKeys",
      listed(given["signature-keys"]).map((keyID) => ({ keyID })),
    ),
    ...orphanedResources(spec, given),
    ...list("clusterResourceWhitelist", kindsOf("--allow-cluster-resource", given["allow-cluster-resource"])),
    ...list("clusterResourceBlacklist", kindsOf("--deny-cluster-resource", given["deny-cluster-resource"])),
    ...list(
      "namespaceResourceWhitelist",
      kindsOf("--allow-namespaced-resource", given["allow-namespaced-resource"]),
    ),
    ...list(
      "namespaceResourceBlacklist",
      kindsOf("--deny-namespaced-resource", given["deny-namespaced-resource"]),
    ),
  };
}

function listed(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(",")).filter((value) => value !== "");
}

function orphanedResources(spec: JsonObject, given: FlagValues<typeof specFlags>): JsonObject {
  const { "orphaned-resources": isOn, "orphaned-resources-warn": warn } = given;
  if (isOn !== true && warn === undefined) return {};
  const before = viewObject(spec, "orphanedResources");
  return { orphanedResources: { ...before, ...(warn === undefined ? {} : { warn }) } };
}

function parseServiceAccount(text: string): JsonObject {
  const [server = "", namespace = "", defaultServiceAccount = "", ...more] = text.split(",");
  if (server !== "" && defaultServiceAccount !== "" && more.length === 0) {
    return { server, namespace, defaultServiceAccount };
  }
  throw usageError(
    `flag --dest-service-accounts: ${JSON.stringify(text)} is no SERVER,NAMESPACE,ACCOUNT; write it like https://kubernetes.default.svc,shop,deployer`,
  );
}

/** A URL or `*` means a server, any other word the name of a cluster. */
function parseDestination(text: string): JsonObject {
  const comma = text.indexOf(",");
  if (comma <= 0)
    throw usageError(
      `flag --dest: ${JSON.stringify(text)} is no SERVER,NAMESPACE; write it like https://kubernetes.default.svc,shop`,
    );
  const cluster = text.slice(0, comma);
  const isServer = cluster.includes("://") || cluster.includes("*");
  return { [isServer ? "server" : "name"]: cluster, namespace: text.slice(comma + 1) };
}

function kindsOf(flag: string, texts: readonly string[]): readonly JsonObject[] {
  return texts.map((text) => {
    const slash = text.indexOf("/");
    if (slash < 0)
      throw usageError(
        `flag ${flag}: ${JSON.stringify(text)} is no GROUP/KIND; the core group is empty: /Namespace`,
      );
    return { group: text.slice(0, slash), kind: text.slice(slash + 1) };
  });
}

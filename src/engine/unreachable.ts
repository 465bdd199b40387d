import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, parseObjectKey } from "#core/object/index.ts";
import type { Discovery } from "#ports/cluster.ts";
import type { ClaimResult, LiveStore } from "#ports/live-store.ts";

/**
 * The claimed objects of which nobody can tell whether they exist, each with a sentence that says why. Not among them are those
 * whose kind is simply not served: they do not exist.
 */
export async function findUnreachable(
  { unknown, excluded = [] }: ClaimResult,
  live: LiveStore,
  signal: AbortSignal,
): Promise<ReadonlyMap<ObjectKey, string>> {
  if (unknown.length === 0) return new Map();
  const discovery = await live.cluster.discover(signal);
  const outside = new Set(excluded);
  return new Map(
    unknown.flatMap((key) => {
      const reason = outside.has(key) ? outsideOf(key, live) : unansweredBy(key, discovery);
      return reason === undefined ? [] : [[key, `${formatObjectKey(key)}: ${reason}`] as const];
    }),
  );
}

function outsideOf(key: ObjectKey, { cluster }: LiveStore): string {
  const inNamespace = parseObjectKey(key).namespace !== "";
  const remedy = inNamespace ? "add its namespace to namespaces" : "set clusterResources to true";
  return `outside of what cluster ${cluster.server} is restricted to; ${remedy} in the cluster's Secret`;
}

function unansweredBy(key: ObjectKey, discovery: Discovery): string | undefined {
  const { group, kind } = parseObjectKey(key);
  if (discovery.typeOf(group, kind) !== undefined) return undefined;
  const found = [...discovery.failed].find(([version]) => group !== "" && version.startsWith(`${group}/`));
  if (found === undefined) return undefined;
  const [version, reason] = found;
  return `nobody can tell whether it exists, because ${version} does not answer (${reason}); repair that API, or delete its APIService`;
}

import { jsonEqual } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { Caller } from "../../caller.ts";

const kindLists = [
  "clusterResourceWhitelist",
  "clusterResourceBlacklist",
  "namespaceResourceWhitelist",
  "namespaceResourceBlacklist",
] as const;

/**
 * Throws API_FORBIDDEN when a change of a project lets its applications use what the caller has no say in: who may only update the project
 * cannot give it clusters and repositories, nor change which kinds may be deployed to its clusters.
 */
export function requireWider(before: AppProject, after: AppProject, caller: Caller): void {
  const had = clustersOf(before);
  const changesKinds = kindLists.some((list) => !jsonEqual(kindsOf(before, list), kindsOf(after, list)));
  for (const object of clustersOf(after)) {
    if (changesKinds || !had.has(object)) {
      caller.require({ resource: "clusters", action: "update", object });
    }
  }
  const repositories = new Set(before.spec.sourceRepos);
  for (const object of after.spec.sourceRepos ?? []) {
    if (!repositories.has(object)) caller.require({ resource: "repositories", action: "update", object });
  }
}

function clustersOf({ spec }: AppProject): ReadonlySet<string> {
  return new Set(
    (spec.destinations ?? []).map(({ server = "", name = "" }) => (server === "" ? name : server)),
  );
}

function kindsOf({ spec }: AppProject, list: (typeof kindLists)[number]): JsonValue {
  return (spec[list] ?? []) as unknown as JsonValue;
}

import { isJsonObject, type JsonValue, parseApiVersion, viewArray, viewString } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";

/** What discovery documents say, in the server's order of preference. */
export interface Discovered {
  readonly types: readonly ResourceType[];
  readonly failed: ReadonlyMap<string, string>;
}

/** Reads an APIGroupDiscoveryList (apidiscovery.k8s.io/v2). Of subresources only the status is noted. */
export function parseAggregated(document: JsonValue | undefined): Discovered {
  const types: ResourceType[] = [];
  const failed = new Map<string, string>();
  for (const item of viewArray(document, "items")) {
    const group = viewString(item, "metadata", "name") ?? "";
    for (const entry of viewArray(item, "versions")) {
      const version = viewString(entry, "version") ?? "";
      if (viewString(entry, "freshness") === "Stale") {
        failed.set(
          group === "" ? version : `${group}/${version}`,
          "its aggregated API server does not answer",
        );
      }
      for (const resource of viewArray(entry, "resources")) {
        const hasStatus = viewArray(resource, "subresources").some(
          (subresource) => viewString(subresource, "subresource") === "status",
        );
        types.push({
          group,
          version,
          kind: viewString(resource, "responseKind", "kind") ?? "",
          plural: viewString(resource, "resource") ?? "",
          namespaced: viewString(resource, "scope") === "Namespaced",
          verbs: stringsOf(resource, "verbs"),
          shortNames: stringsOf(resource, "shortNames"),
          ...(hasStatus ? { statusSubresource: true } : {}),
        });
      }
    }
  }
  return { types, failed };
}

/** Reads an APIResourceList (v1), what servers before aggregated discovery answer for each group version. */
export function parseResourceList(document: JsonValue | undefined): readonly ResourceType[] {
  const { group, version } = parseApiVersion(viewString(document, "groupVersion") ?? "");
  const resources = viewArray(document, "resources");
  const names = new Set(resources.map((resource) => viewString(resource, "name")));
  return resources
    .filter((resource) => !(viewString(resource, "name") ?? "/").includes("/"))
    .map((resource) => ({
      group,
      version,
      kind: viewString(resource, "kind") ?? "",
      plural: viewString(resource, "name") ?? "",
      namespaced: isJsonObject(resource) && resource["namespaced"] === true,
      verbs: stringsOf(resource, "verbs"),
      shortNames: stringsOf(resource, "shortNames"),
      ...(names.has(`${viewString(resource, "name") ?? ""}/status`) ? { statusSubresource: true } : {}),
    }));
}

/** Group versions of an APIGroupList, each group's preferred one first. */
export function parseGroupList(document: JsonValue | undefined): readonly string[] {
  return viewArray(document, "groups").flatMap((group) => {
    const preferred = viewString(group, "preferredVersion", "groupVersion");
    const all = viewArray(group, "versions").flatMap((version) => viewString(version, "groupVersion") ?? []);
    return all.toSorted((a, b) => Number(b === preferred) - Number(a === preferred));
  });
}

function stringsOf(value: JsonValue, field: string): readonly string[] {
  return viewArray(value, field).filter((item) => typeof item === "string");
}

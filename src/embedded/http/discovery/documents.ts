import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { formatApiVersion } from "#core/object/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { KindCatalog, ServedKind } from "../../kinds/served-kind.ts";
import { groupsOf, type ServedGroup, type ServedVersion } from "./groups.ts";
import { type Subresource, subresourcesOf } from "./subresources.ts";

/** A document that is sent as it is. */
export interface TaggedDocument {
  readonly text: string;
  /** With quotes. */
  readonly etag: string;
}

export type AggregatedVersion = "v2" | "v2beta1";

/** What discovery answers for one state of the catalog. */
export interface Discovery {
  groups(): readonly ServedGroup[];
  aggregated(root: "/api" | "/apis", version: AggregatedVersion): TaggedDocument;
}

const known = new WeakMap<object, Discovery>();

export function discoveryOf(catalog: KindCatalog): Discovery {
  const found = known.get(catalog.kinds);
  if (found !== undefined) return found;
  const discovery = createDiscovery(catalog);
  known.set(catalog.kinds, discovery);
  return discovery;
}

function createDiscovery(catalog: KindCatalog): Discovery {
  let groups: readonly ServedGroup[] | undefined;
  const documents = new Map<string, TaggedDocument>();
  const read = (): readonly ServedGroup[] => (groups ??= groupsOf(catalog));
  return {
    groups: read,
    aggregated: (root, version) => {
      const id = `${root} ${version}`;
      const document = documents.get(id) ?? tag(aggregate(read(), root, version));
      documents.set(id, document);
      return document;
    },
  };
}

/** Characters of the documents whose tags are remembered: many clusters in one process send the same texts. */
const maxTagged = 16 * 1024 * 1024;
const tagged = new BoundedMap<TaggedDocument>(maxTagged);

export function tagText(text: string): TaggedDocument {
  const before = tagged.get(text);
  if (before !== undefined) return before;
  const document = { text, etag: `"${createHash("sha512").update(text).digest("hex").toUpperCase()}"` };
  tagged.set(text, document, text.length);
  return document;
}

function tag(value: JsonValue): TaggedDocument {
  return tagText(`${JSON.stringify(value)}\n`);
}

function aggregate(
  groups: readonly ServedGroup[],
  root: "/api" | "/apis",
  version: AggregatedVersion,
): JsonObject {
  const shown = groups.filter(({ group }) => (group === "") === (root === "/api"));
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: shown.map(({ group, versions }) => ({
      metadata: { ...(group === "" ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((served) => ({
        version: served.version,
        resources: served.kinds.map((kind) => aggregatedResource(kind)),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResource(kind: ServedKind): JsonObject {
  const subresources = subresourcesOf(kind).map(({ name, gvk, verbs }) => ({
    subresource: name,
    responseKind: { ...gvk },
    verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...namesOf(kind),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

function namesOf(kind: ServedKind): JsonObject {
  return {
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
  };
}

/** `/api` for clients that do not know aggregated discovery. */
export function apiVersions(serverAddress: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

export function apiGroupList(groups: readonly ServedGroup[]): JsonObject {
  const named = groups.filter(({ group }) => group !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: named.map((group) => groupFields(group)) };
}

export function apiGroup(group: ServedGroup): JsonObject {
  return { kind: "APIGroup", apiVersion: "v1", ...groupFields(group) };
}

function groupFields({ group, versions }: ServedGroup): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

export function apiResourceList(group: string, { version, kinds }: ServedVersion): JsonObject {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: formatApiVersion(group, version),
    resources: kinds.flatMap((kind) => [
      resourceEntry(kind),
      ...subresourcesOf(kind).map((subresource) => subresourceEntry(kind, subresource)),
    ]),
  };
}

function resourceEntry(kind: ServedKind): JsonObject {
  const { plural, singular, namespaced, verbs } = kind;
  return { name: plural, singularName: singular, namespaced, kind: kind.kind, verbs, ...namesOf(kind) };
}

function subresourceEntry(kind: ServedKind, { name, gvk, verbs }: Subresource): JsonObject {
  const isOwn = gvk.group === kind.group && gvk.version === kind.version;
  return {
    name: `${kind.plural}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...(isOwn ? {} : { group: gvk.group, version: gvk.version }),
    kind: gvk.kind,
    verbs,
  };
}

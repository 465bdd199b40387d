import type { KindCatalog, ServedKind } from "../../kinds/served-kind.ts";

export interface ServedVersion {
  readonly version: string;
  readonly kinds: readonly ServedKind[];
}

/** One API group; the preferred version is the first. */
export interface ServedGroup {
  readonly group: string;
  readonly versions: readonly ServedVersion[];
}

/** Groups in the order of the catalog, with those that this layer answers by itself. */
export function groupsOf(catalog: KindCatalog): readonly ServedGroup[] {
  const missing = reviews.filter((kind) => catalog.find(kind.group, kind.version, kind.plural) === undefined);
  const byGroup = Map.groupBy([...catalog.kinds, ...missing], (kind) => kind.group);
  return [...byGroup].map(([group, kinds]) => {
    const byVersion = Map.groupBy(kinds, (kind) => kind.version);
    const versions = [...byVersion].map(([version, served]) => ({ version, kinds: served }));
    return { group, versions: versions.toSorted((a, b) => compareVersions(a.version, b.version)) };
  });
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  if (at < 0) return a < b ? -1 : Number(a > b);
  return (right[at] ?? 0) - (left[at] ?? 0);
}

const stages: Readonly<Record<string, number>> = { "": 3, beta: 2, alpha: 1 };

function rankOf(version: string): readonly number[] {
  const [, major, stage = "", minor = "0"] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return major === undefined ? [0, 0, 0] : [stages[stage] ?? 0, Number(major), Number(minor)];
}

const reviews: readonly ServedKind[] = [
  review("authentication.k8s.io", "SelfSubjectReview", false),
  review("authorization.k8s.io", "LocalSubjectAccessReview", true),
  review("authorization.k8s.io", "SelfSubjectAccessReview", false),
  review("authorization.k8s.io", "SelfSubjectRulesReview", false),
  review("authorization.k8s.io", "SubjectAccessReview", false),
];

function review(group: string, kind: string, namespaced: boolean): ServedKind {
  const singular = kind.toLowerCase();
  return {
    group,
    version: "v1",
    kind,
    plural: `${singular}s`,
    singular,
    listKind: `${kind}List`,
    namespaced,
    shortNames: [],
    categories: [],
    verbs: ["create"],
    resource: `${group}/${singular}s`,
    hasStatus: false,
    subresources: [],
    merge: undefined,
    isCustom: false,
  };
}

import type { Resource, TreeNode } from "./describe-resources.ts";
import { describeResources } from "./describe-resources.ts";

interface Given {
  readonly kind: string;
  readonly name: string;
  readonly group?: string;
  /** Kind and name of the owner, such as `Deployment/web`. */
  readonly owner?: string;
  readonly health?: string;
  readonly node?: Partial<TreeNode>;
}

const groups: Readonly<Record<string, string>> = {
  Deployment: "apps",
  ReplicaSet: "apps",
  Ingress: "networking.k8s.io",
};

/** Resources for tests, all in namespace `shop`. */
export function resourcesOf(given: readonly Given[]): readonly Resource[] {
  const nodes = given.map(({ kind, name, owner, health, group, node = {} }): TreeNode => {
    const [ownerKind = "", ownerName = ""] = owner?.split("/") ?? [];
    const parent = { group: groups[ownerKind] ?? "", kind: ownerKind, namespace: "shop", name: ownerName };
    return {
      group: group ?? groups[kind] ?? "",
      version: "v1",
      kind,
      namespace: "shop",
      name,
      ...(owner === undefined ? {} : { parentRefs: [parent] }),
      ...(health === undefined ? {} : { health: { status: health } }),
      ...node,
    };
  });
  return describeResources({ nodes }, []);
}

/** So many of a kind, `name-0` and so on. */
export function several(count: number, given: Given): readonly Given[] {
  return Array.from({ length: count }, (_, i) => ({ ...given, name: `${given.name}-${i}` }));
}

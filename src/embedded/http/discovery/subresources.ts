import type { GroupVersionKind } from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";

export interface Subresource {
  readonly name: string;
  readonly gvk: GroupVersionKind;
  readonly verbs: readonly string[];
}

const write = ["get", "patch", "update"];
const connect = ["create", "get"];
const proxy = ["create", "delete", "get", "patch", "update"];

interface Special {
  /** `group/version/Kind`; the resource's own where there is none. */
  readonly gvk?: string;
  readonly verbs: readonly string[];
}

const specials: Readonly<Record<string, Special>> = {
  scale: { gvk: "autoscaling/v1/Scale", verbs: write },
  eviction: { gvk: "policy/v1/Eviction", verbs: ["create"] },
  binding: { gvk: "/v1/Binding", verbs: ["create"] },
  token: { gvk: "authentication.k8s.io/v1/TokenRequest", verbs: ["create"] },
  exec: { gvk: "/v1/PodExecOptions", verbs: connect },
  attach: { gvk: "/v1/PodAttachOptions", verbs: connect },
  portforward: { gvk: "/v1/PodPortForwardOptions", verbs: connect },
  proxy: { verbs: proxy },
  log: { verbs: ["get"] },
  finalize: { verbs: ["update"] },
};

/** All subresources of a kind, as discovery tells of them and as requests may name them. */
export function subresourcesOf(kind: ServedKind): readonly Subresource[] {
  const names = [
    ...(kind.hasStatus ? ["status"] : []),
    ...(kind.scale === undefined ? [] : ["scale"]),
    ...kind.subresources,
  ];
  return [...new Set(names)].toSorted().map((name) => subresourceOf(kind, name));
}

function subresourceOf(kind: ServedKind, name: string): Subresource {
  const special = specials[name];
  const [group, version, other] = special?.gvk?.split("/") ?? [];
  const gvk =
    group === undefined || version === undefined || other === undefined
      ? { group: kind.group, version: kind.version, kind: kind.kind }
      : { group, version, kind: other };
  return { name, gvk, verbs: special?.verbs ?? write };
}

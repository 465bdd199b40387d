import type { KubeObject } from "./object.ts";
import { parseApiVersion } from "./object.ts";

declare const objectKeyBrand: unique symbol;

/**
 * Identity of an object inside one cluster: `group/Kind/namespace/name`, the version left out because two versions of
 * a kind are one object. The core group and the namespace of cluster-scoped objects are empty.
 */
export type ObjectKey = string & { readonly [objectKeyBrand]: true };

export interface ObjectKeyParts {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function objectKey(parts: ObjectKeyParts): ObjectKey {
  return `${parts.group}/${parts.kind}/${parts.namespace}/${parts.name}` as ObjectKey;
}

/** The key of an object as it stands; its namespace must already be defaulted. */
export function keyOf(object: KubeObject): ObjectKey {
  return objectKey({
    group: parseApiVersion(object.apiVersion).group,
    kind: object.kind,
    namespace: object.metadata.namespace ?? "",
    name: object.metadata.name ?? "",
  });
}

export function parseObjectKey(key: ObjectKey): ObjectKeyParts {
  const [group = "", kind = "", namespace = "", ...name] = key.split("/");
  return { group, kind, namespace, name: name.join("/") };
}

/** How messages name an object: `Deployment/shop/web`, or `Namespace/shop` when it is cluster-scoped. */
export function formatObjectKey(key: ObjectKey): string {
  const { kind, namespace, name } = parseObjectKey(key);
  return namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

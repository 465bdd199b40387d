import { formatObjectKey, type KubeObject, objectKey } from "#core/object/index.ts";
import type { ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Subject } from "../http/status-error.ts";

/** The path of a kind's collection: in one namespace, or everywhere when it is empty or the kind is cluster-scoped. */
export function collectionPath(type: ResourceType, namespace: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = type.namespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${type.plural}`;
}

export function objectPath(ref: ObjectRef): string {
  return `${collectionPath(ref.type, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

/** `path?a=b`, leaving out what is undefined. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

export function refOf(type: ResourceType, object: KubeObject): ObjectRef {
  return {
    type,
    namespace: type.namespaced ? (object.metadata.namespace ?? "") : "",
    name: object.metadata.name ?? "",
  };
}

/** How messages name an object. */
export function subjectOf(ref: ObjectRef): Subject {
  const { group, kind } = ref.type;
  const key = objectKey({ group, kind, namespace: ref.namespace, name: ref.name });
  return { text: formatObjectKey(key), secret: holdsSecrets(ref.type) };
}

/** How messages name a whole kind: `deployments.apps`. */
export function kindSubjectOf(type: ResourceType): Subject {
  return {
    text: type.group === "" ? type.plural : `${type.plural}.${type.group}`,
    secret: holdsSecrets(type),
  };
}

function holdsSecrets(type: ResourceType): boolean {
  return type.group === "" && type.kind === "Secret";
}

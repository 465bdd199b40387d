import type { JsonObject, KubeObject, ObjectMeta } from "#core/object/index.ts";
import type { StoreKey } from "../../storage/store.ts";

type OwnerReference = NonNullable<ObjectMeta["ownerReferences"]>[number];

/** The reference to the one owner that acts on the object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === uidOf(owner);
}

/** The reference by which an object names its controller. */
export function referenceTo({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name = "", uid = "" } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function uidOf({ metadata }: KubeObject): string {
  return metadata.uid ?? "";
}

export function nameOf({ metadata }: KubeObject): string {
  return metadata.name ?? "";
}

export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "";
}

export function isDeleting({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Where an object is kept. */
export function keyIn(resource: string, object: KubeObject): StoreKey {
  return { resource, namespace: namespaceOf(object), name: nameOf(object) };
}

export function byName(a: KubeObject, b: KubeObject): number {
  return compareText(nameOf(a), nameOf(b));
}

/** Oldest first; of one second by name. */
export function byAge(a: KubeObject, b: KubeObject): number {
  return compareText(a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? "") || byName(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The fields that have a value. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A count as Go's `omitempty` prints it. */
export function nonZero(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

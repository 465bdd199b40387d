import type { KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

const unsettled = new WeakSet<KubeObject>();

/** Whether there are lists or maps in the metadata in which there is nothing, which are stored and not read again. */
export function hasEmptyMetadata({ metadata }: KubeObject): boolean {
  return Object.values(metadata).some((value) =>
    isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0,
  );
}

/** The next write of this object is one even when it changes nothing: what the API server stores of it is not what it reads. */
export function noteUnsettled(object: KubeObject): void {
  unsettled.add(object);
}

export function isUnsettled(object: KubeObject): boolean {
  return unsettled.has(object);
}

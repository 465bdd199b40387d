import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, parseApiVersion, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import type { StoreKey } from "../../storage/store.ts";
import type { WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { namespaceOf } from "../base/owned.ts";

/** What an autoscaler scales. */
export interface ScaleTarget {
  readonly key: StoreKey;
  readonly object: KubeObject;
  readonly wanted: number;
  readonly actual: number;
  readonly path: readonly string[];
}

/** Undefined when it is not there, or cannot be scaled. */
export function scaleTargetOf(context: WorkContext, autoscaler: KubeObject): ScaleTarget | undefined {
  const reference = viewObject(autoscaler, "spec", "scaleTargetRef");
  const { group, version } = parseApiVersion(viewString(reference, "apiVersion") ?? "");
  const kind = context.state
    .catalog()
    .findKind({ group, version, kind: viewString(reference, "kind") ?? "" });
  if (kind?.scale === undefined) return undefined;
  const name = viewString(reference, "name") ?? "";
  const key = { resource: kind.resource, namespace: namespaceOf(autoscaler), name };
  const object = readStored(context, key);
  if (object === undefined) return undefined;
  const { specReplicas: path, statusReplicas } = kind.scale;
  const wanted = viewNumber(object, ...path) ?? 1;
  return { key, object, wanted, actual: viewNumber(object, ...statusReplicas) ?? 0, path };
}

/** The target with another number of replicas. */
export function scaled({ object, path }: ScaleTarget, replicas: number): KubeObject {
  const [first = "spec", ...rest] = path;
  return { ...object, [first]: setAt(object[first], rest, replicas) };
}

function setAt(value: JsonValue | undefined, path: readonly string[], leaf: JsonValue): JsonValue {
  const [field, ...rest] = path;
  if (field === undefined) return leaf;
  const map = isJsonObject(value) ? value : {};
  return { ...map, [field]: setAt(map[field], rest, leaf) };
}

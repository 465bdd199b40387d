import type { FieldPath } from "#core/merge/index.ts";
import { predictApply, valueAt } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { RespectInput } from "./respect-place.ts";

/** True when an apply of the object would take an ignored field from the live one, other than together with the item that it is in. */
export function losesIgnored(
  sent: KubeObject,
  { desired, live, schema, ignored, own, others, whole }: RespectInput,
): boolean {
  if (own === undefined || whole) return false;
  const managedFields = [own, ...others];
  const after = predictApply({
    live,
    desired: sent,
    schema,
    fieldManager: own.manager,
    managedFields,
  }).object;
  return ignored
    .paths()
    .some(
      (path) =>
        !jsonEqual(valueAt(live, path), valueAt(after, path)) &&
        valueAt(live, path) !== undefined &&
        ![desired, after].some((object) => lacksItem(path, object)),
    );
}

/** Whether the item of a list that the field is in is not there; lists without keys come and go as a whole. */
function lacksItem(path: FieldPath, object: KubeObject): boolean {
  return path.some((element, i) => {
    if (element.startsWith("i:")) return true;
    const isInside = element.startsWith("k:") && i + 1 < path.length;
    return isInside && valueAt(object, path.slice(0, i + 1)) === undefined;
  });
}

import { diffObjects } from "#core/diff/index.ts";
import type { JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf, keyOf } from "#core/object/index.ts";
import type { ObjectDiff } from "../diff-application.ts";
import { printDocuments, printValue } from "../output/print-value.ts";
import type { Output } from "../ports.ts";

export function printObjects(
  output: Output,
  format: string | undefined,
  objects: readonly KubeObject[],
): void {
  if (format === "name") {
    output.write(objects.map((object) => `${formatName(object)}\n`).join(""));
  } else if (format === "json") {
    printValue(output, "json", { apiVersion: "v1", kind: "List", items: objects as readonly JsonValue[] });
  } else printDocuments(output, objects as readonly JsonValue[]);
}

/** `deployment.apps/web`, as kubectl names objects. */
function formatName(object: KubeObject): string {
  const { group, kind } = gvkOf(object);
  const { name, generateName } = object.metadata;
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name ?? `${generateName ?? ""}*`}`;
}

/** What differs between two renders, whose secret values are hidden already, sorted by object. */
export function diffRenders(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): readonly ObjectDiff[] {
  const [old, now] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((key) => ({ key, lines: diffObjects(old.get(key), now.get(key)), note: undefined }))
    .filter(({ lines }) => lines.length > 0);
}

function byKey(objects: readonly KubeObject[]): ReadonlyMap<ObjectKey, KubeObject> {
  return new Map(objects.map((object) => [keyOf(object), object]));
}

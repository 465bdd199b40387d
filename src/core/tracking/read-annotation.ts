import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";

/** An annotation's text; undefined when it is absent or, in a malformed manifest, not a string. */
export function readAnnotation(object: KubeObject, key: string): string | undefined {
  return viewString(object.metadata, "annotations", key);
}

/** The non-empty entries of a comma-separated annotation, trimmed, each once, in the order written. */
export function readAnnotationList(object: KubeObject, key: string): readonly string[] {
  const entries = (readAnnotation(object, key) ?? "").split(",").map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ""))];
}

import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

const shownPaths = 5;

/** The fields that a merge patch changes, for a message: `spec.source.path, spec.project and 3 more`. */
export function formatPaths(patch: JsonValue): string {
  const paths = pathsOf(patch, "");
  const shown = paths.slice(0, shownPaths).join(", ");
  return paths.length > shownPaths ? `${shown} and ${paths.length - shownPaths} more` : shown;
}

function pathsOf(value: JsonValue | undefined, path: string): readonly string[] {
  if (!isJsonObject(value)) return [path];
  return Object.entries(value).flatMap(([field, child]) =>
    pathsOf(child, path === "" ? field : `${path}.${field}`),
  );
}

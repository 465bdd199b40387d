import type { KubeObject } from "#core/object/index.ts";
import { passes } from "#core/project/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { viewString } from "#core/object/index.ts";

/**
 * Whether Applications of another project may depend on those of this one, and so learn when they are synced and healthy: an entry of
 * `mooring.dev/dependents` on the AppProject, a glob, matches the other project's name. Nothing lets nobody in.
 */
export function admitsDependents(project: KubeObject | undefined, other: string): boolean {
  const text = viewString(project?.metadata, "annotations", annotationKey.dependents) ?? "";
  return text
    .split(",")
    .map((entry) => entry.trim())
    .some((entry) => entry !== "" && !entry.startsWith("!") && passes(entry, other));
}

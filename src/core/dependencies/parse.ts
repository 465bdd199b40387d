import type { AppKey } from "#core/app/index.ts";
import { appKey } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { viewString } from "#core/object/index.ts";

/** What an Application says that it depends on. */
export interface Dependencies {
  /** In the order written, each once. */
  readonly keys: readonly AppKey[];
  /** What of the annotation cannot be read, with what to do. */
  readonly problem: string | undefined;
}

const none: Dependencies = { keys: [], problem: undefined };
/** More than that nobody means, and everybody would pay for it at every look. */
const maxDependencies = 100;
const name = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Reads `mooring.dev/depends-on`: names of Applications, separated by commas. `name` is one in the dependent's own namespace,
 * `namespace/name` one in another.
 */
export function parseDependencies(object: KubeObject): Dependencies {
  const text = viewString(object.metadata, "annotations", annotationKey.dependsOn);
  if (text === undefined) return none;
  const entries = [...new Set(text.split(",").map((entry) => entry.trim()))].filter((entry) => entry !== "");
  if (entries.length > maxDependencies) {
    const problem = `names ${entries.length} Applications, more than ${maxDependencies}; depend on one that depends on them`;
    return { keys: [], problem };
  }
  const keys: AppKey[] = [];
  const unreadable: string[] = [];
  for (const entry of entries) {
    const parts = entry.split("/");
    if (parts.length > 2 || parts.some((part) => !name.test(part))) unreadable.push(entry);
    else keys.push(appKey(parts.at(-2) ?? object.metadata.namespace ?? "", parts.at(-1) ?? ""));
  }
  const [first] = unreadable;
  const problem =
    first === undefined
      ? undefined
      : `${JSON.stringify(first.slice(0, 100))} names no Application; write name or namespace/name, separated by commas`;
  return { keys: [...new Set(keys)], problem };
}

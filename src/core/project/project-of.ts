import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";

/** The project that a spec names; an empty name means `default`, and so does none. */
export function namedProject(name: string | undefined): string {
  return name === undefined || name === "" ? "default" : name;
}

/** The project of an object that has one in its spec. */
export function projectOf(object: KubeObject | undefined): string {
  return namedProject(viewString(object, "spec", "project"));
}

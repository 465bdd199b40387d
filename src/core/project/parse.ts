import { parseArgoObject } from "#core/crd/parse-object.ts";
import { projectSchema } from "#core/crd/project-schema.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { AppProject } from "./types.ts";

/** An object as an AppProject. Throws APP_INVALID naming each wrong field, what was found there and the fix. */
export function parseProject(object: KubeObject): AppProject {
  return parseArgoObject(object, "AppProject", projectSchema) as AppProject;
}

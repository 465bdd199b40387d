import { applicationSchema } from "#core/crd/application-schema.ts";
import { parseArgoObject } from "#core/crd/parse-object.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Application } from "./types.ts";

/**
 * An object from the API server or a file as an Application. Throws APP_INVALID naming each wrong field, what was
 * found there and the fix. Whether the fields make sense together is `validateApplicationSpec`'s question.
 */
export function parseApplication(object: KubeObject): Application {
  return parseArgoObject(object, "Application", applicationSchema) as Application;
}

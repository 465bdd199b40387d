import { applicationSchema } from "#core/crd/application-schema.ts";
import { parseArgoObject } from "#core/crd/parse-object.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { statusRepair } from "./readable-status.ts";
import type { Application } from "./types.ts";

/**
 * An object from the API server or a file as an Application, without what cannot be read in its status. Throws APP_INVALID naming
 * each wrong field, what was found there and the fix. Whether the fields make sense together is `validateApplicationSpec`'s question.
 */
export function parseApplication(object: KubeObject): Application {
  try {
    return parse(object);
  } catch (error) {
    const repair = isMooringError(error, "APP_INVALID") ? statusRepair(object) : undefined;
    if (repair === undefined) throw error;
    return parse({ ...object, status: { ...(object["status"] as JsonObject), ...repair } });
  }
}

function parse(object: KubeObject): Application {
  return parseArgoObject(object, "Application", applicationSchema) as Application;
}

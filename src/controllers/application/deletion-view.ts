import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

/**
 * As much of an Application that cannot be read as its deletion needs: where its objects are, and which. An application with a typo
 * in its spec must still be deletable.
 */
export function viewForDeletion(object: KubeObject): Application {
  const destination = viewObject(object, "spec", "destination");
  const fields = ["server", "name", "namespace"].flatMap((field) => {
    const value = viewString(destination, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  const bare: KubeObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: object.metadata,
    spec: { project: viewString(object, "spec", "project") ?? "", destination: Object.fromEntries(fields) },
  };
  const resources = viewArray(object, "status", "resources").filter((one) => isJsonObject(one));
  const { operationState } = viewObject(object, "status");
  // What an interrupted operation applied is in no list yet.
  const statuses =
    operationState === undefined ? [{ resources }] : [{ resources, operationState }, { resources }];
  return parseFirst(
    statuses.map((status) => ({ ...bare, status: status as JsonObject as JsonValue })),
    bare,
  );
}

/** The first that can be read. */
function parseFirst([first, ...others]: readonly KubeObject[], bare: KubeObject): Application {
  if (first === undefined) return parseApplication(bare);
  try {
    return parseApplication(first);
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    return parseFirst(others, bare);
  }
}

import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { Target, WriteOptions } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { manageUpdate } from "./managers.ts";
import { checkNamespace } from "./namespaces.ts";
import { prepareNew } from "./prepare.ts";
import { readBody } from "./read-body.ts";
import { storeObject } from "./store-object.ts";

/** A generated name that is taken is thrown again so often before the client is told. */
const nameTries = 8;

/** POST to a collection. */
export function createObject(
  state: ClusterState,
  target: Target,
  { body, options }: { readonly body: JsonObject; readonly options: WriteOptions },
): KubeObject {
  const given = readBody(state, target, { body, options });
  const { name = "", generateName = "" } = given.metadata;
  const isGenerated = name === "" && generateName !== "";
  for (let tries = 1; ; tries += 1) {
    const next = prepareNew(state, target, given);
    try {
      return storeNew(state, { target, next, options });
    } catch (error) {
      const isTaken = error instanceof ApiError && error.reason === "AlreadyExists";
      if (!isTaken || generateName === "") throw error;
      if (!isGenerated || tries === nameTries) throw noUniqueName(error);
    }
  }
}

function storeNew(
  state: ClusterState,
  {
    target,
    next,
    options,
  }: { readonly target: Target; readonly next: KubeObject; readonly options: WriteOptions },
): KubeObject {
  const named = { ...target, name: next.metadata.name ?? "" };
  checkNamespace(state, named);
  return storeObject(state, {
    target: named,
    live: undefined,
    next,
    options,
    refusesRevision: target.name === "",
    manage: manageUpdate(state, { target: named, options }),
  });
}

function noUniqueName({ message, details }: ApiError): ApiError {
  return new ApiError(
    "AlreadyExists",
    `${message}, the server was not able to generate a unique name for the object`,
    {
      ...details,
      retryAfterSeconds: 1,
    },
  );
}

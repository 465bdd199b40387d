import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { sharing } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { Target, WriteOptions, Written } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { createObject } from "./create.ts";
import { manageUpdate } from "./managers.ts";
import { prepareUpdate } from "./prepare.ts";
import { findObject } from "./read.ts";
import { readBody } from "./read-body.ts";
import { detailsOf, notFound, qualifiedResource } from "./refusals.ts";
import { storeObject } from "./store-object.ts";

const rbac = "rbac.authorization.k8s.io";

/** Kinds that a PUT may make: what clients write without looking first. */
const creatable = new Set([
  "/endpoints",
  "/events",
  "/limitranges",
  "coordination.k8s.io/leases",
  "events.k8s.io/events",
  `${rbac}/clusterrolebindings`,
  `${rbac}/clusterroles`,
  `${rbac}/rolebindings`,
  `${rbac}/roles`,
]);

/** Kinds that are not overwritten by who has not seen them, beside all custom resources. */
const conditional = new Set([
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "apiextensions.k8s.io/customresourcedefinitions",
  "apiregistration.k8s.io/apiservices",
  "coordination.k8s.io/leases",
  "node.k8s.io/runtimeclasses",
  "policy/poddisruptionbudgets",
]);

/** PUT of an object or of its status. */
export function updateObject(
  state: ClusterState,
  target: Target,
  { body, options }: { readonly body: JsonObject; readonly options: WriteOptions },
): Written {
  const next = readBody(state, target, { body, options });
  const live = findObject(state, target);
  if (live === undefined) {
    const isCreated = target.subresource === "" && creatable.has(target.kind.resource);
    if (!isCreated || (next.metadata.uid ?? "") !== "") throw notFound(target);
    return { object: createObject(state, target, { body, options }), created: true };
  }
  requireVersion(target, next);
  return { object: replaceObject(state, { target, live: live.object, next, options }), created: false };
}

function requireVersion({ kind, name }: Target, next: KubeObject): void {
  if ((next.metadata.resourceVersion ?? "") !== "") return;
  if (!kind.isCustom && !conditional.has(kind.resource)) return;
  const field = "metadata.resourceVersion";
  const message = "Invalid value: 0: must be specified for an update";
  const text = `${qualifiedResource(kind)} ${JSON.stringify(name)} is invalid: ${field}: ${message}`;
  throw new ApiError("Invalid", text, {
    ...detailsOf({ kind, name }),
    causes: [{ reason: "FieldValueInvalid", message, field }],
  });
}

interface Replacement {
  readonly target: Target;
  readonly live: KubeObject;
  readonly next: KubeObject;
  readonly options: WriteOptions;
}

/** Puts an object in the place of the live one that it was made from. */
export function replaceObject(state: ClusterState, { target, live, next, options }: Replacement): KubeObject {
  const prepared = prepareUpdate(target, live, sharing(live as JsonObject, next));
  return storeObject(state, {
    target,
    live: findObject(state, target),
    next: prepared,
    options,
    manage: manageUpdate(state, { target, options, live }),
  });
}

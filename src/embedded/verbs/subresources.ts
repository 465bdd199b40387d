import type { JsonObject, KubeObject } from "#core/object/index.ts";
import {
  applyMergePatch,
  labelsOf,
  viewNumber,
  viewObject,
  viewPath,
  viewString,
} from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import { applyJsonPatch } from "../patch/json-patch.ts";
import { formatSelector } from "../select/format-selector.ts";
import { parseLabelSelector } from "../select/label-selector.ts";
import type { StoredObject } from "../storage/store.ts";
import type { PatchRequest, Target, WriteOptions, Written } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { deleteObject } from "./delete.ts";
import { getObject } from "./read.ts";
import { conflict, unnamed } from "./refusals.ts";
import { isScale, requireReplicas, scaleOf, withScale } from "./scale.ts";
import { replaceObject } from "./update.ts";

/** Subresources that are the object itself, or a part of it. */
export const ownSubresources: readonly string[] = [
  "",
  "status",
  "finalize",
  "ephemeralcontainers",
  "resize",
  "approval",
];

function unknownSubresource(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource");
}

/** GET of a subresource that has a form of its own. */
export function getSubresource(state: ClusterState, target: Target): StoredObject {
  const stored = getObject(state, { ...target, subresource: "" });
  if (target.subresource !== "scale") throw unknownSubresource();
  requireReplicas(target, stored.object);
  const object = scaleOf(target, stored.object);
  return { key: stored.key, revision: stored.revision, object, text: JSON.stringify(object) };
}

/** PUT and PATCH of a Scale. */
export function writeScale(
  state: ClusterState,
  target: Target,
  { scale, options }: { readonly scale: (live: KubeObject) => JsonObject; readonly options: WriteOptions },
): Written {
  if (target.subresource !== "scale") throw unknownSubresource();
  const live = getObject(state, { ...target, subresource: "" }).object;
  const next = withScale(target, live, scale(scaleOf(target, live)));
  return { object: scaleOf(target, replaceObject(state, { target, live, next, options })), created: false };
}

/** What a patch makes of a Scale. */
export function patchedScale(live: KubeObject, { kind, body }: PatchRequest): JsonObject {
  const patched = kind === "json" ? applyJsonPatch(live, body) : applyMergePatch(live, body);
  if (isScale(patched)) return patched;
  throw new ApiError("BadRequest", "the patch leaves no Scale");
}

/** POST to a subresource: an eviction deletes its pod, a binding places it. */
export function createSubresource(
  state: ClusterState,
  target: Target,
  { body, options }: { readonly body: JsonObject; readonly options: WriteOptions },
): KubeObject {
  switch (target.subresource) {
    case "eviction":
      return evict(state, target, { body, options });
    case "binding":
      return bind(state, target, { body, options });
    default:
      throw unknownSubresource();
  }
}

interface Post {
  readonly body: JsonObject;
  readonly options: WriteOptions;
}

function evict(state: ClusterState, target: Target, { body, options }: Post): KubeObject {
  checkBudgets(state, getObject(state, { ...target, subresource: "" }).object);
  const uid = viewString(body, "deleteOptions", "preconditions", "uid");
  deleteObject(
    state,
    { ...target, subresource: "" },
    {
      ...options,
      propagation: undefined,
      gracePeriodSeconds: viewNumber(body, "deleteOptions", "gracePeriodSeconds"),
      preconditions: uid === undefined ? {} : { uid },
    },
  );
  return success();
}

const budgets = "policy/poddisruptionbudgets";

/** A pod may go only while its budgets allow a disruption. */
function checkBudgets({ store }: ClusterState, pod: KubeObject): void {
  for (const { object: budget } of store.list({
    resource: budgets,
    namespace: pod.metadata.namespace ?? "",
  })) {
    // Without a selector a budget is about no pod, with an empty one about all.
    if (viewPath(budget, "spec", "selector") === undefined) continue;
    const covers = parseLabelSelector(formatSelector(viewObject(budget, "spec", "selector")));
    if (!covers(labelsOf(pod)) || (viewNumber(budget, "status", "disruptionsAllowed") ?? 0) > 0) continue;
    const name = budget.metadata.name ?? "";
    const message = `The disruption budget ${name} needs ${viewNumber(budget, "status", "desiredHealthy") ?? 0} healthy pods and has ${viewNumber(budget, "status", "currentHealthy") ?? 0} currently`;
    throw new ApiError(
      "TooManyRequests",
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        causes: [{ reason: "DisruptionBudget", message }],
      },
    );
  }
}

function bind(state: ClusterState, target: Target, { body, options }: Post): KubeObject {
  const live = getObject(state, { ...target, subresource: "" }).object;
  const spec = viewObject(live, "spec");
  const node = viewString(body, "target", "name") ?? "";
  const bound = viewString(spec, "nodeName") ?? "";
  if (bound !== "")
    throw conflict(target, `pod ${target.name} is already assigned to node ${JSON.stringify(bound)}`);
  replaceObject(state, { target, live, next: { ...live, spec: { ...spec, nodeName: node } }, options });
  return success();
}

function success(): KubeObject {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
}

/** A PUT's body as the Scale that it must be. */
export function scaleBody({ name }: Target, body: JsonObject): () => JsonObject {
  if (!isScale(body)) throw new ApiError("BadRequest", "the body is no Scale of autoscaling/v1");
  const own = viewString(body, "metadata", "name") ?? "";
  if (own === name) return () => body;
  if (own === "") throw unnamed(name);
  throw new ApiError(
    "BadRequest",
    `the name of the object (${own}) does not match the name on the URL (${name})`,
  );
}

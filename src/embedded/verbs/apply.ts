import { ApplyError, applyConfiguration } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatApiVersion, isJsonObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { ApiError } from "../api-error.ts";
import type { PatchRequest, Target, WriteOptions, Written } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { isCreatedByUpdate } from "./created-by-update.ts";
import { checkNamespace } from "./namespaces.ts";
import { prepareNew, prepareUpdate } from "./prepare.ts";
import { findObject } from "./read.ts";
import { decodeMerged, placeMerged, readConfiguration } from "./read-body.ts";
import { conflict, notFound, unnamed, unreadableRevision } from "./refusals.ts";
import { hasEmptyMetadata } from "./unsettled.ts";
import { storeObject } from "./store-object.ts";
import { requireVersion } from "./require-version.ts";

interface Apply {
  readonly target: Target;
  readonly live: KubeObject | undefined;
  readonly applied: KubeObject;
  readonly force: boolean;
  readonly options: WriteOptions;
}

/** Server-side apply: makes what is not there, merges into what is. Throws Conflict for fields that others manage. */
export function applyObject(
  state: ClusterState,
  target: Target,
  { patch, options }: { readonly patch: PatchRequest; readonly options: WriteOptions },
): Written {
  if (!isJsonObject(patch.body))
    throw new ApiError("BadRequest", "error decoding YAML: the configuration is no object");
  if (options.fieldManager === "") {
    throw new ApiError(
      "BadRequest",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const applied = readConfiguration(target, patch.body);
  const live = findObject(state, target);
  if (live === undefined) requireCreatable(target, applied);
  const outcome = merge(state, { target, live: live?.object, applied, force: patch.force, options });
  const { managedFields, ...metadata } = outcome.metadata;
  const decoded = decodeMerged(state, target, { merged: { ...outcome, metadata }, applied });
  if (live === undefined) refuseUid(target, applied);
  const merged = placeMerged(target, decoded);
  if (live !== undefined) requireVersion(target, merged);
  const { resourceVersion = "" } = merged.metadata;
  if (resourceVersion !== "" && !/^\d+$/.test(resourceVersion)) throw unreadableRevision(resourceVersion);
  const next =
    live === undefined ? prepareNew(state, target, merged) : prepareUpdate(target, live.object, merged);
  if (live === undefined) checkNamespace(state, target);
  const object = storeObject(state, {
    target,
    live,
    next,
    options,
    isUnlikeRead: isStoredAsIs(state, target) && hasEmptyMetadata(outcome),
    manage: (each) => withManagers(each, managedFields),
  });
  return { object, created: live === undefined };
}

/** A custom resource in the version that is stored. */
function isStoredAsIs(state: ClusterState, { kind }: Target): boolean {
  return kind.isCustom && state.catalog().versionsOf(kind.resource)[0]?.version === kind.version;
}

/** What an apply has to say of an object that it makes. Throws NotFound, Conflict. */
function requireCreatable(target: Target, { metadata: { name = "" } }: KubeObject): void {
  if (target.subresource !== "" && !isCreatedByUpdate(target)) throw notFound(target);
  if (name === "") throw unnamed(target.name);
}

/** What is new has the identity that it is given. Throws Conflict. */
function refuseUid(target: Target, { metadata: { uid = "" } }: KubeObject): void {
  if (uid === "") return;
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(target, why);
}

function merge(state: ClusterState, { target, live, applied, force, options }: Apply): KubeObject {
  const { kind, subresource } = target;
  const outcome = inWords(() =>
    applyConfiguration({
      live: live && withoutNulls(live),
      applied,
      schema: kind.merge,
      manager: options.fieldManager,
      force,
      apiVersion: formatApiVersion(kind.group, kind.version),
      subresource,
      hasStatus: kind.hasStatus,
      time: formatTime(state.clock.now()),
    }),
  );
  if ("object" in outcome) return outcome.object;
  throw new ApiError("Conflict", outcome.message, { causes: outcome.causes });
}

/** Lists that are only printed as null are nobody's. */
function withoutNulls(live: KubeObject): KubeObject {
  return Object.fromEntries(Object.entries(live).filter(([, value]) => value !== null)) as KubeObject;
}

function inWords<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof ApplyError)) throw error;
    throw new ApiError(error.status === 400 ? "BadRequest" : "Unknown", error.message);
  }
}

function withManagers(
  object: KubeObject,
  managedFields: KubeObject["metadata"]["managedFields"],
): KubeObject {
  if (managedFields === undefined) return object;
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

import type { JsonObject, KubeObject, ObjectMeta } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import type { Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { keepFinalizers } from "./namespaces.ts";
import { conflict, modified, unreadableRevision } from "./refusals.ts";

/** What the server alone sets. */
const ownedByServer = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "resourceVersion",
  "selfLink",
  "uid",
] as const;

const toldOnUpdate = ["deletionGracePeriodSeconds", "deletionTimestamp", "selfLink"] as const;

/** A new object: named, with an identity of its own and without a status. */
export function prepareNew(state: ClusterState, target: Target, body: KubeObject): KubeObject {
  const { status, ...rest } = body as JsonObject;
  const metadata: ObjectMeta = {
    ...withoutServerFields(body.metadata),
    ...(body.metadata.generation === undefined ? {} : { generation: body.metadata.generation }),
    ...(body.metadata.resourceVersion === undefined
      ? {}
      : { resourceVersion: body.metadata.resourceVersion }),
    ...named(state, body.metadata),
    uid: state.newUid(),
    creationTimestamp: formatTime(state.clock.now()),
  };
  const kept = target.kind.hasStatus || status === undefined ? {} : { status };
  return { ...rest, ...kept, metadata } as KubeObject;
}

function named(state: ClusterState, { name = "", generateName = "" }: ObjectMeta): ObjectMeta {
  if (name !== "" || generateName === "") return {};
  // The API server cuts the base so that the name stays short enough for a label.
  return { name: `${generateName.slice(0, 58)}${state.newSuffix()}` };
}

/**
 * An update of a live object: identity, deletion and the part that has a subresource of its own stay as they are. Throws Conflict
 * when the body was made from another state.
 */
export function prepareUpdate(target: Target, live: KubeObject, body: KubeObject): KubeObject {
  checkPreconditions(target, live, body.metadata);
  const { uid = "" } = body.metadata;
  const metadata: ObjectMeta = {
    ...updatable(body.metadata),
    ...serverFields(live.metadata),
    ...(uid === "" ? {} : { uid }),
    ...graceOf(body.metadata),
  };
  const next = keepFinalizers(target, live, { ...body, metadata } as KubeObject);
  if (!target.kind.hasStatus) return next;
  return target.subresource === "status" ? statusOnly(target, live, next) : withStatusOf(live, next);
}

interface Overwriting {
  readonly target: Target;
  readonly live: KubeObject;
  readonly dryRun: boolean;
}

/** The uid that a PUT's body has is a precondition; one that a patch makes of an object is a change of what is immutable. */
export function checkUid({ target, live, dryRun }: Overwriting, { uid = "" }: ObjectMeta): void {
  if (uid === "" || uid === live.metadata.uid) return;
  const failed = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ""}`;
  throw conflict(
    target,
    `StorageError: invalid object, Code: 4, Key: ${dryRun ? "" : "/registry"}${storageKeyOf(target)}, ResourceVersion: 0, AdditionalErrorMsg: ${failed}`,
  );
}

function checkPreconditions(target: Target, live: KubeObject, { resourceVersion = "" }: ObjectMeta): void {
  if (resourceVersion !== "" && !/^\d+$/.test(resourceVersion)) throw unreadableRevision(resourceVersion);
  if (
    resourceVersion !== "" &&
    resourceVersion !== "0" &&
    resourceVersion !== live.metadata.resourceVersion
  ) {
    throw conflict(target, modified);
  }
}

/** The place in etcd that the API server names. */
function storageKeyOf({ kind, namespace, name }: Target): string {
  const plural = kind.resource === "/services" ? "services/specs" : kind.plural;
  const resource = kind.isCustom ? kind.resource : plural;
  return ["", resource, ...(kind.namespaced ? [namespace] : []), name].join("/");
}

function withStatusOf(live: KubeObject, next: KubeObject): KubeObject {
  const { status: _status, ...rest } = next as JsonObject;
  return { ...rest, ...(live["status"] === undefined ? {} : { status: live["status"] }) } as KubeObject;
}

/** A write of the status leaves the rest; custom resources keep all of their metadata but who manages what. */
function statusOnly({ kind }: Target, live: KubeObject, next: KubeObject): KubeObject {
  const { status: _old, ...rest } = live as JsonObject;
  const { managedFields } = next.metadata;
  const metadata = kind.isCustom
    ? { ...live.metadata, ...(managedFields === undefined ? {} : { managedFields }) }
    : { ...next.metadata, ...keptOf(kind, live) };
  return {
    ...rest,
    metadata,
    ...(next["status"] === undefined ? {} : { status: next["status"] }),
  } as KubeObject;
}

/** Metadata that a write of the status of some kinds leaves as it is. */
function keptOf({ resource }: ServedKind, { metadata: { labels, ownerReferences } }: KubeObject): ObjectMeta {
  if (resource === "apps/deployments") return labels === undefined ? {} : { labels };
  return resource === "/pods" && ownerReferences !== undefined ? { ownerReferences } : {};
}

function graceOf({ deletionGracePeriodSeconds }: ObjectMeta): ObjectMeta {
  return deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds };
}

/** Changes of how an object is deleted are not passed over but refused, as what is immutable. */
function updatable(metadata: ObjectMeta): ObjectMeta {
  const told = Object.fromEntries(
    toldOnUpdate.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]])),
  );
  return { ...withoutServerFields(metadata), ...told };
}

function withoutServerFields(metadata: ObjectMeta): ObjectMeta {
  const kept = Object.entries(metadata).filter(([field]) => !ownedByServer.some((name) => name === field));
  return Object.fromEntries(kept);
}

function serverFields(metadata: ObjectMeta): ObjectMeta {
  return Object.fromEntries(
    ownedByServer.flatMap((name) =>
      metadata[name] === undefined || name === "selfLink" ? [] : [[name, metadata[name]]],
    ),
  );
}

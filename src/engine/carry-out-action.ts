import type { ActionEffect } from "#core/actions/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, jsonEqual, keyOf, mergePatchOf } from "#core/object/index.ts";
import { checkDestination, checkResource } from "#core/project/index.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";

/** Not the manager of syncs: what an action sets is nothing that Git says, and a sync must neither own nor remove it. */
const fieldManager = "mooring-action";

export interface ActionTarget {
  readonly cluster: Cluster;
  readonly references: Pick<AppReferences, "project" | "target" | "app">;
  readonly signal: AbortSignal;
}

/** What was done with an object. */
export interface ActionDone {
  readonly object: KubeObject;
  readonly verb: "created" | "configured" | "unchanged";
}

/**
 * Carries one effect of an action out. A change is a merge patch of what differs from the object as it was read, its status apart where
 * the kind has it as a subresource; it fails with KUBE_CONFLICT when the object has changed meanwhile. What is created must be
 * permitted by the project (POLICY_FORBIDDEN).
 */
export async function carryOutAction(
  effect: ActionEffect,
  source: KubeObject,
  target: ActionTarget,
): Promise<ActionDone> {
  if (effect.operation === "create") return createOne(effect.object, source, target);
  const patch = mergePatchOf(withoutManagers(source), withoutManagers(effect.object));
  if (patch === undefined) return { object: source, verb: "unchanged" };
  const type = await typeOf(source, target);
  const { name = "", namespace = "" } = source.metadata;
  const ref = { type, namespace: type.namespaced ? namespace : "", name };
  return { object: await patchObject(ref, { patch, source }, target), verb: "configured" };
}

interface Change {
  readonly patch: JsonObject;
  /** The object as it was read. */
  readonly source: KubeObject;
}

/** Writes the status first: it is what a controller acts on, and nothing is changed when the rest follows from another status. */
async function patchObject(
  ref: ObjectRef,
  { patch, source }: Change,
  { cluster, signal }: ActionTarget,
): Promise<KubeObject> {
  const { status, ...rest } = patch;
  const isApart = ref.type.statusSubresource === true && status !== undefined;
  if (!isApart) return cluster.mergePatch(ref, atVersionOf(source, patch), { fieldManager, signal });
  const written = await cluster.mergePatch(ref, atVersionOf(source, { status }), {
    fieldManager,
    subresource: "status",
    signal,
  });
  if (Object.keys(rest).length === 0) return written;
  // The controller answers a new status at once: its answer is no reason not to write the rest.
  let known: KubeObject | undefined = written;
  return repeatOnConflict(async () => {
    const found: KubeObject | undefined = known ?? (await cluster.read(ref, signal));
    known = undefined;
    if (found === undefined || !jsonEqual(withoutStatus(found), withoutStatus(source))) {
      throw new MooringError(
        "KUBE_CONFLICT",
        `${formatObjectKey(keyOf(source))}: was changed while the action ran, after its status was written; run the action again`,
      );
    }
    return cluster.mergePatch(ref, atVersionOf(found, rest), { fieldManager, signal });
  });
}

function atVersionOf({ metadata }: KubeObject, patch: JsonObject): JsonObject {
  const { resourceVersion = "" } = metadata;
  return { ...patch, metadata: { ...(patch["metadata"] as JsonObject | undefined), resourceVersion } };
}

function withoutStatus(object: KubeObject): JsonObject {
  const { managedFields: _managers, resourceVersion: _version, ...metadata } = object.metadata;
  const { status: _status, ...rest } = object as unknown as JsonObject;
  return { ...rest, metadata: metadata as unknown as JsonObject };
}

function withoutManagers(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata } as unknown as JsonObject;
}

async function createOne(object: KubeObject, source: KubeObject, target: ActionTarget): Promise<ActionDone> {
  const { cluster, signal } = target;
  const type = await typeOf(object, target);
  const namespace = object.metadata.namespace ?? source.metadata.namespace ?? "";
  const placed: KubeObject = type.namespaced
    ? { ...object, metadata: { ...object.metadata, namespace } }
    : object;
  refuseForbidden(placed, type, target);
  return { object: await cluster.create(type, placed, { fieldManager, signal }), verb: "created" };
}

function refuseForbidden(object: KubeObject, type: ResourceType, { references }: ActionTarget): void {
  const { project, target: cluster } = references;
  const { name = "", generateName = "", namespace = "" } = object.metadata;
  const resource = {
    group: type.group,
    kind: type.kind,
    name: name === "" ? String(generateName) : name,
    namespaced: type.namespaced,
    ...(type.namespaced ? { namespace } : {}),
  };
  const denial =
    checkResource(project, resource) ??
    (type.namespaced ? checkDestination(project, { cluster, namespace }) : undefined);
  if (denial !== undefined) throw new MooringError("POLICY_FORBIDDEN", denial.message);
}

async function typeOf(object: KubeObject, { cluster, signal }: ActionTarget): Promise<ResourceType> {
  const { group, kind, version } = gvkOf(object);
  const type = (await cluster.discover(signal)).typeOf(group, kind, version);
  if (type?.version === version) return type;
  throw new MooringError(
    "KUBE_UNKNOWN_KIND",
    `${formatObjectKey(keyOf(object))}: the cluster does not serve ${object.apiVersion} ${kind}; see: kubectl api-resources`,
  );
}

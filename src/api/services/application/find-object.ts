import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, objectKey } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { ApiContext } from "../../context.ts";
import { applicationRef } from "./find-application.ts";
import { readTree } from "./resource-tree.ts";

/** How requests name an object of an application. */
export interface ObjectName {
  readonly resourceName?: string;
  readonly namespace?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly version?: string;
}

export interface FoundObject {
  readonly object: KubeObject;
  readonly ref: ObjectRef;
  readonly cluster: Cluster;
}

/**
 * An object that belongs to an application, as its cluster has it now. Throws APP_NOT_FOUND for one that is not in the application's tree,
 * whether or not the cluster has it: with the rights of the controller nobody shall read anything else.
 */
export async function findObject(
  context: ApiContext,
  app: KubeObject,
  { name, signal }: { readonly name: ObjectName; readonly signal: AbortSignal },
): Promise<FoundObject> {
  const { group = "", kind = "", namespace = "", resourceName = "", version } = name;
  const key = objectKey({ group, kind, namespace, name: resourceName }) as ObjectKey;
  const missing = () =>
    new MooringError(
      "APP_NOT_FOUND",
      `${formatObjectKey(key)}: is not part of ${formatAppKey(appKeyOf(app))}; see its resource tree`,
    );
  const { nodes, orphans } = await readTree(context, app, signal);
  if (![...nodes, ...orphans].some((node) => node.key === key)) throw missing();
  const { cluster } = context.targets.targetOf(appKeyOf(app));
  const type = (await cluster.discover(signal)).typeOf(group, kind, version);
  if (type === undefined) throw missing();
  const ref = { type, namespace: type.namespaced ? namespace : "", name: resourceName };
  const object = await cluster.read(ref, signal);
  if (object === undefined) throw missing();
  return { object, ref, cluster };
}

/**
 * An object that actions are listed or run for: clients ask for those of an Application as of one of its own objects. For nothing else it is
 * one: who may change what an Application deploys may not change the Application.
 */
export async function findActedOn(
  context: ApiContext,
  app: KubeObject,
  request: { readonly name: ObjectName; readonly signal: AbortSignal },
): Promise<FoundObject> {
  const { group = "", kind = "", resourceName = "", namespace = "" } = request.name;
  const isItself = resourceName === app.metadata.name && [app.metadata.namespace, ""].includes(namespace);
  if (group === "argoproj.io" && kind === "Application" && isItself) {
    return { object: app, ref: applicationRef(app), cluster: context.hub.cluster };
  }
  return findObject(context, app, request);
}

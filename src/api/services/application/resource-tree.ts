import { appKeyOf, inventoryOf } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import type { Health } from "#core/health/index.ts";
import { assessHealth } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf, keyOf, parseObjectKey } from "#core/object/index.ts";
import { summarize } from "#core/summary/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ResourcesQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ApplicationTree, ResourceNode, ResourceRef } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { OwnedObjects } from "../../owned-objects.ts";
import { findApplication } from "./find-application.ts";
import { nodeInfo } from "./node-info.ts";
import { readHosts } from "./read-hosts.ts";
import { readOrphans } from "./read-orphans.ts";
import { keyOfRef, nodeNetworking, routesByGateway } from "./node-networking.ts";

/** An object of an application, or one that such an object owns. */
export interface TreeObject {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  readonly parents: readonly KubeObject[];
  readonly health: Health | undefined;
}

const readConcurrency = 8;

export interface Tree {
  readonly nodes: readonly TreeObject[];
  /** What nobody manages where the application is, and what belongs to that. */
  readonly orphans: readonly TreeObject[];
  /** What controllers create where the managed objects are. */
  readonly owned: readonly OwnedObjects[];
}

/** The managed objects that live, what nobody manages beside them, and by owner references what belongs to them. */
export async function readTree(context: ApiContext, app: KubeObject, signal: AbortSignal): Promise<Tree> {
  const { cluster } = context.targets.targetOf(appKeyOf(app));
  const keys = [...new Set(inventoryOf(app as Application))];
  const seen = keys.length === 0 ? [] : await context.live.lastSeen(appKeyOf(app), keys, signal);
  const managed = (
    await mapLimit(
      [...keys.entries()],
      readConcurrency,
      async ([i, key]) => seen[i] ?? (await readOne(key, { cluster, signal })),
    )
  ).filter((object) => object !== undefined);
  const strays = await readOrphans(context, app, { cluster, signal });
  const namespaces = new Set(
    [...managed, ...strays].map(({ metadata }) => metadata.namespace ?? "").filter((name) => name !== ""),
  );
  const ownedIn = new Map(
    await mapLimit(
      [...namespaces],
      readConcurrency,
      async (namespace) => [namespace, await context.owned.in(cluster, namespace, signal)] as const,
    ),
  );
  const nodes = withOwned(managed, ownedIn);
  const known = new Set(nodes.map(({ key }) => key));
  const orphans = withOwned(strays, ownedIn).filter(({ key }) => !known.has(key));
  return { nodes, orphans, owned: [...ownedIn.values()] };
}

/** The managed objects and what belongs to them. An object in a namespace owns in that alone; one of the cluster may in any. */
function withOwned(
  managed: readonly KubeObject[],
  ownedIn: ReadonlyMap<string, OwnedObjects>,
): readonly TreeObject[] {
  const nodes = managed.map((object) => nodeOf(object, []));
  const known = new Set(nodes.map(({ key }) => key));
  // What is found is itself looked for owners of: a Deployment's ReplicaSet has Pods.
  for (const parent of nodes) {
    const { uid = "", namespace = "" } = parent.object.metadata;
    const places = namespace === "" ? [...ownedIn.values()] : [ownedIn.get(namespace)];
    for (const child of places.flatMap((one) => one?.of(uid) ?? [])) {
      const node = nodeOf(child, [parent.object]);
      if (known.has(node.key)) continue;
      known.add(node.key);
      nodes.push(node);
    }
  }
  return nodes;
}

interface Reading {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

async function readOne(key: ObjectKey, { cluster, signal }: Reading): Promise<KubeObject | undefined> {
  const { group, kind, namespace, name } = parseObjectKey(key);
  const type = (await cluster.discover(signal)).typeOf(group, kind);
  if (type === undefined) return undefined;
  return cluster.read({ type, namespace: type.namespaced ? namespace : "", name }, signal);
}

function nodeOf(object: KubeObject, parents: readonly KubeObject[]): TreeObject {
  return { key: keyOf(object), object, parents, health: assessHealth(object) };
}

/** The managed objects and what belongs to them, with health. */
export async function resourceTree(
  context: ApiContext,
  query: ShapeOf<ResourcesQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationTree>> {
  const named = { ...query, name: query.applicationName ?? "" };
  const app = findApplication(context, named, { caller, action: "get" });
  return presentTree(await readTree(context, app, signal), { context, app, signal });
}

interface Presentation {
  readonly context: ApiContext;
  readonly app: KubeObject;
  readonly signal: AbortSignal;
}

/** Stock clients give the application's name as that of an object, too, and want the whole tree. */
export async function presentTree(
  { nodes, orphans }: Tree,
  { context, app, signal }: Presentation,
): Promise<ShapeOf<ApplicationTree>> {
  const { cluster } = context.targets.targetOf(appKeyOf(app));
  const objects = nodes.map(({ object }) => object);
  const hosts = await readHosts(context, objects, { cluster, signal });
  const routes = routesByGateway([...nodes, ...orphans].map(({ object }) => object));
  return {
    nodes: nodes.map((node) => present(node, routes)),
    ...(orphans.length === 0 ? {} : { orphanedNodes: orphans.map((node) => present(node, routes)) }),
    ...(hosts.length === 0 ? {} : { hosts }),
  };
}

function present(
  { object, parents, health }: TreeObject,
  routes: ReturnType<typeof routesByGateway>,
): ShapeOf<ResourceNode> {
  const { images } = summarize([object]);
  const { creationTimestamp, resourceVersion = "" } = object.metadata;
  const info = nodeInfo(object);
  const ref = refFields(object);
  const targetRefs = routes.get(keyOfRef(ref));
  const networkingInfo = targetRefs === undefined ? nodeNetworking(object) : { targetRefs };
  return {
    ...ref,
    parentRefs: parents.map((parent) => refFields(parent)),
    ...(info.length === 0 ? {} : { info }),
    ...(networkingInfo === undefined ? {} : { networkingInfo }),
    ...(images.length === 0 ? {} : { images }),
    ...(health === undefined ? {} : { health }),
    ...(creationTimestamp === undefined ? {} : { createdAt: creationTimestamp }),
    resourceVersion,
  };
}

/** Go embeds the reference in a node: in JSON its fields are the node's own. */
function refFields(object: KubeObject): ShapeOf<ResourceRef> {
  const { group, version, kind } = gvkOf(object);
  const { namespace, name = "", uid = "" } = object.metadata;
  return {
    ...(group === "" ? {} : { group }),
    version,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
  };
}

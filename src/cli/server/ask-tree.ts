import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application } from "#core/app/index.ts";
import { oneLine } from "../output/table.ts";
import type { OwnedNode } from "../view/grow-tree.ts";
import { growTree } from "../view/grow-tree.ts";
import type { TreeNode } from "../view/tree.ts";

type Tree = Awaited<ReturnType<ApiClient["ask"]["application"]["resourceTree"]>>;
type Node = NonNullable<Tree["nodes"]>[number];

/** What a tree says of what nobody manages, where it says how others are synced. */
export const orphaned = "Orphaned";

/** What an Application manages and what that created, as a server has it. */
export async function askTree(
  api: ApiClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const { nodes = [] } = await askResources(api, app, signal);
  const live = new Map(nodes.map((node) => [placeOf(node), node]));
  const roots = (app.status?.resources ?? []).map((one) => {
    const node = live.get(placeOf(one));
    return {
      ...describe(one),
      uid: node?.uid,
      createdAt: node?.createdAt,
      status: one.status ?? "",
      health: one.health?.status ?? "",
      message: oneLine(one.health?.message ?? ""),
    };
  });
  return growTree(
    roots,
    nodes.map((node) => describeOwned(node)),
  );
}

/** What nobody manages in the Application's namespace and what that created, as a server has it. */
export async function askOrphanTree(
  api: ApiClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const { orphanedNodes = [] } = await askResources(api, app, signal);
  const all = orphanedNodes.map((node) => describeOwned(node));
  const roots = all.filter(({ owners }) => owners.length === 0);
  return growTree(
    roots.map(({ node }) => ({ ...node, status: orphaned })),
    all,
  );
}

function describeOwned(node: Node): OwnedNode {
  return {
    node: {
      ...describe(node),
      status: "",
      health: node.health?.status ?? "",
      message: oneLine(node.health?.message ?? ""),
    },
    owners: (node.parentRefs ?? []).flatMap(({ uid = "" }) => (uid === "" ? [] : [uid])),
  };
}

/** The objects of an Application, and those that nobody manages, as a server has them. */
export async function askResources(api: ApiClient, app: Application, signal: AbortSignal): Promise<Tree> {
  const { name, namespace = "" } = app.metadata;
  return await api.ask.application.resourceTree(
    { applicationName: name, appNamespace: namespace, project: app.spec.project },
    signal,
  );
}

type Placed = Partial<Readonly<Record<"group" | "kind" | "namespace" | "name", string | undefined>>>;

function placeOf({ group = "", kind = "", namespace = "", name = "" }: Placed): string {
  return [group, kind, namespace, name].join("/");
}

function describe({
  group = "",
  kind = "",
  name = "",
  ...node
}: Placed & Partial<Pick<Node, "uid" | "createdAt">>) {
  return { group, kind, name, uid: node.uid, createdAt: node.createdAt };
}

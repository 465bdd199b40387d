import type { Application } from "#core/app/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import { formatDuration } from "#core/sync/index.ts";
import { createSnapshotStore } from "#engine/snapshot-store.ts";
import { ownedKinds } from "#engine/owned-kinds.ts";
import type { Cluster, Discovery } from "#ports/cluster.ts";
import { readConfig } from "../config.ts";
import type { CliHub } from "../hub.ts";
import { inventoryOf } from "#core/app/index.ts";
import { openTarget } from "../open-target.ts";
import type { Paint } from "../output/paint.ts";
import { formatTable, oneLine } from "../output/table.ts";
import type { CliPorts } from "../ports.ts";
import { askTree } from "../server/ask-tree.ts";
import { paintWords } from "./app-details.ts";
import type { OwnedNode } from "./grow-tree.ts";
import { growTree } from "./grow-tree.ts";

/** An object of an Application, or one that such an object owns. */
export interface TreeNode {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly status: string;
  readonly health: string;
  readonly message: string;
  readonly createdAt: string | undefined;
  readonly children: readonly TreeNode[];
}

/** Reads what an Application manages and, by owner references, what that created. */
export async function readTree(app: Application, hub: CliHub, ports: CliPorts): Promise<readonly TreeNode[]> {
  if (hub.api !== undefined) return await askTree(hub.api, app, ports.signal);
  const config = await readConfig(hub, ports);
  const destination = resolveDestination(app.spec.destination, config.clusters, config.settings);
  if (!destination.ok) {
    throw new MooringError(
      "APP_DESTINATION_INVALID",
      `Application/${app.metadata.name}: ${destination.message}`,
    );
  }
  await using target = await openTarget(destination.cluster, hub, ports);
  const live = createSnapshotStore(target.cluster);
  await live.claim("cli", new Set(inventoryOf(app)), ports.signal);
  const namespaces = new Set((app.status?.resources ?? []).map(({ namespace = "" }) => namespace));
  const owned = await listOwned(
    target.cluster,
    [...namespaces].filter((name) => name !== ""),
    ports.signal,
  );
  const roots = (app.status?.resources ?? []).map(
    ({ group = "", kind = "", namespace = "", name = "", ...one }) => {
      const object = live.get(objectKey({ group, kind, namespace, name }) as ObjectKey);
      return {
        group,
        kind,
        name,
        uid: object?.metadata.uid,
        status: one.status ?? "",
        health: one.health?.status ?? "",
        message: oneLine(one.health?.message ?? ""),
        createdAt: object?.metadata.creationTimestamp,
      };
    },
  );
  return growTree(roots, owned);
}

async function listOwned(
  cluster: Cluster,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly OwnedNode[]> {
  const discovery: Discovery = await cluster.discover(signal);
  const lists = namespaces.flatMap((namespace) =>
    ownedKinds.map(async ([group, kind]) => {
      const type = discovery.typeOf(group, kind);
      if (type === undefined) return [];
      const objects = await cluster.list(type, { namespace, metadataOnly: true, signal });
      return objects.map((object) => viewOwned(object, { group, kind }));
    }),
  );
  return (await Promise.all(lists)).flat();
}

function viewOwned({ metadata }: KubeObject, { group, kind }: Pick<TreeNode, "group" | "kind">): OwnedNode {
  return {
    node: {
      group,
      kind,
      name: metadata.name ?? "",
      uid: metadata.uid,
      status: "",
      health: "",
      message: metadata.deletionTimestamp === undefined ? "" : "being deleted",
      createdAt: metadata.creationTimestamp,
    },
    owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  };
}

export interface TreeFormat {
  /** With ages. */
  readonly detailed: boolean;
  readonly paint: Paint;
  readonly nowMs: number;
}

/** The tree with its branches drawn, as `argocd app get -o tree` does. */
export function formatTree(nodes: readonly TreeNode[], format: TreeFormat): string {
  const age = format.detailed ? ["AGE"] : [];
  const rows = nodes.flatMap((node) => rowsOf(node, { lead: "", below: "" }, format));
  return paintWords(
    formatTable([["KIND/NAME", "STATUS", "HEALTH", ...age, "MESSAGE"], ...rows]),
    format.paint,
  );
}

interface Branch {
  readonly lead: string;
  readonly below: string;
}

function rowsOf(node: TreeNode, branch: Branch, format: TreeFormat): readonly (readonly string[])[] {
  const ageMs = format.nowMs - Date.parse(node.createdAt ?? "");
  const age = format.detailed ? [Number.isNaN(ageMs) ? "" : formatDuration(Math.max(0, ageMs))] : [];
  const row = [`${branch.lead}${node.kind}/${node.name}`, node.status, node.health, ...age, node.message];
  const children = node.children.flatMap((child, i) => {
    const isLast = i === node.children.length - 1;
    const lead = `${branch.below}${isLast ? "└─" : "├─"}`;
    return rowsOf(child, { lead, below: `${branch.below}${isLast ? "  " : "│ "}` }, format);
  });
  return [row, ...children];
}

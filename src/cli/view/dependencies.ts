import type { AppKey } from "#core/app/index.ts";
import { appKeyOf, parseAppKey, revisionsOf } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import { followedSources, judgeDependency, parseDependencies } from "#core/dependencies/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "../hub.ts";

/** An Application that another depends on, and what it depends on itself. */
export interface DependencyNode {
  readonly key: AppKey;
  /** Why its dependents wait: `ready` when they need not. */
  readonly state: string;
  readonly on: readonly DependencyNode[];
}

const maxDepth = 50;

/** What an Application says that it depends on, and how that is; as far as the caller may read it. */
export async function readDependencies(
  app: Application,
  hub: CliHub,
  { deep, signal }: { readonly deep: boolean; readonly signal: AbortSignal },
): Promise<readonly DependencyNode[]> {
  const read = new Map<AppKey, Promise<KubeObject | string>>();
  const revisions = app.status?.sync === undefined ? [] : revisionsOf(app.status.sync);
  const wanted = followedSources(sourcesOf(app), revisions);
  const nodesOf = async (object: KubeObject, way: readonly AppKey[]): Promise<readonly DependencyNode[]> =>
    Promise.all(
      parseDependencies(object).keys.map(async (key) => {
        const found = read.get(key) ?? readOne(hub, key, signal);
        read.set(key, found);
        const other = await found;
        if (typeof other === "string") return { key, state: other, on: [] };
        if (way.includes(key)) return { key, state: "depends on itself", on: [] };
        const on = deep && way.length < maxDepth ? await nodesOf(other, [...way, key]) : [];
        return { key, state: judgeDependency(other, wanted) ?? "ready", on };
      }),
    );
  return nodesOf(app, [appKeyOf(app)]);
}

async function readOne(hub: CliHub, key: AppKey, signal: AbortSignal): Promise<KubeObject | string> {
  try {
    return (await hub.cluster.read({ type: hubTypes.application, ...parseAppKey(key) }, signal)) ?? "missing";
  } catch (error) {
    if (!isMooringError(error, "KUBE_FORBIDDEN") && !isMooringError(error, "API_FORBIDDEN")) throw error;
    return "unknown: it may not be read";
  }
}

/** `argocd/db (OutOfSync, Missing)`. */
export function formatDependency({ key, state }: DependencyNode): string {
  return `${key} (${state})`;
}

/** One below the other, those of a dependency farther in. */
export function formatDependencyTree(nodes: readonly DependencyNode[], indent = ""): string {
  return nodes
    .map((node, i) => {
      const isLast = i === nodes.length - 1;
      const line = `${indent}${isLast ? "└─" : "├─"}${formatDependency(node)}\n`;
      return line + formatDependencyTree(node.on, `${indent}${isLast ? "  " : "│ "}`);
    })
    .join("");
}

import type { Destination, FoundCondition } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { formatObjectKey, jsonEqual } from "#core/object/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { ApplicationDeps } from "./deps.ts";

const shownObjects = 10;
const stay = " still in cluster ";
const namespaceType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  verbs: [],
  shortNames: [],
};

interface Asked {
  readonly compared: readonly ComparedObject[];
  readonly deps: Pick<ApplicationDeps, "config" | "registry">;
  readonly signal: AbortSignal;
}

/**
 * What an application has left in the cluster that it was deployed to before its destination was changed, as conditions that stay until the
 * destination is that cluster again, or until somebody takes them off: nothing else knows of these objects any more.
 */
export async function leftBehindBy(context: AppContext, asked: Asked): Promise<readonly FoundCondition[]> {
  const { app, target } = context;
  const type = "LeftBehindWarning";
  const kept = (app.status?.conditions ?? [])
    .filter((one) => one.type === type && !one.message.includes(`${stay}${target.server}, `))
    .map(({ message }) => ({ type, message }) as const);
  const before = app.status?.sync?.comparedTo?.destination;
  // The usual case, for which no cluster has to be looked up.
  if (before !== undefined && jsonEqual(before as JsonObject, app.spec.destination as JsonObject))
    return kept;
  const left = [...new Set(inventoryOf(app))];
  if (before === undefined || left.length === 0) return kept;
  const place = await placeLeft(before, context, asked);
  if (place === undefined) return kept;
  const shown = left.slice(0, shownObjects).map((key) => formatObjectKey(key));
  const more = left.length === shown.length ? "" : ` and ${left.length - shown.length} more`;
  const message = `${left.length} ${left.length === 1 ? "object is" : "objects are"}${stay}${place}, to which this application was deployed before: ${shown.join(", ")}${more}; nothing deletes them: set spec.destination back and delete or prune them first, or delete them there by hand and then take this condition off status.conditions`;
  return [...kept, { type, message }];
}

/** The cluster that the application is not deployed to any more; undefined while it is the same one, under whatever name or address. */
async function placeLeft(
  before: Destination,
  { app, target, live }: AppContext,
  { compared, deps, signal }: Asked,
): Promise<string | undefined> {
  const { clusters, settings } = deps.config();
  const { server = "", name = "" } = before;
  const known = resolveDestination(before, clusters, settings);
  if (!known.ok) {
    // Its Secret may have been renamed: then everything is here.
    const here = new Set(compared.filter((object) => object.trackedByUs).map(({ key }) => key));
    if (inventoryOf(app).every((key) => here.has(key))) return undefined;
    return [server, name].find((one) => one !== "" && one !== target.server && one !== target.name);
  }
  if (known.cluster.server === target.server) return undefined;
  const [old, now] = await Promise.all([
    identityOf(deps.registry.get(known.cluster).cluster, signal),
    identityOf(live.cluster, signal),
  ]);
  return old !== undefined && old === now ? undefined : known.cluster.server;
}

/** What tells clusters apart that have several addresses; undefined when it cannot be read. */
async function identityOf(cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  try {
    const found = await cluster.read({ type: namespaceType, namespace: "", name: "kube-system" }, signal);
    return found?.metadata.uid;
  } catch (error) {
    if (!isMooringError(error)) throw error;
    return undefined;
  }
}

import type { Destination } from "#core/app/types.ts";
import type { ClusterRecord } from "./record.ts";
import { inClusterRecord, inClusterServer } from "./record.ts";

export type ResolvedDestination =
  | { readonly ok: true; readonly cluster: ClusterRecord }
  | { readonly ok: false; readonly message: string };

export interface ResolveDestinationOptions {
  /** `cluster.inClusterEnabled` of argocd-cm; true by default. */
  readonly inClusterEnabled?: boolean;
}

/**
 * The cluster that a destination means, by server or by name. The cluster that Mooring runs in is known as
 * `in-cluster` and https://kubernetes.default.svc, also when no Secret describes it.
 */
export function resolveDestination(
  destination: Destination,
  clusters: readonly ClusterRecord[],
  options: ResolveDestinationOptions = {},
): ResolvedDestination {
  const known = knownClusters(clusters, options);
  const { name = "", namespace: _, ...rest } = destination;
  const server = (rest.server ?? "").replace(/\/+$/u, "");
  if (server !== "" && name !== "") {
    return refuse("spec.destination has both server and name; remove one of them");
  }
  if (server === "" && name === "") {
    return refuse("spec.destination has neither server nor name; add one of them");
  }
  const isOff = options.inClusterEnabled === false;
  if (isOff && (server === inClusterServer || name === inClusterRecord.name)) {
    return refuse(
      `spec.destination is the cluster that Mooring runs in, and cluster.inClusterEnabled of argocd-cm is false; set it to "true", or choose another cluster`,
    );
  }
  return server === "" ? byName(name, known) : byServer(server, known);
}

/** The clusters that a destination can mean, sorted by name, the one that Mooring runs in included. */
function knownClusters(
  clusters: readonly ClusterRecord[],
  options: ResolveDestinationOptions = {},
): readonly ClusterRecord[] {
  const others = clusters.filter((cluster) => cluster.server !== inClusterServer);
  const described = clusters.filter((cluster) => cluster.server === inClusterServer);
  const own = options.inClusterEnabled === false ? [] : described.length > 0 ? described : [inClusterRecord];
  return [...own, ...others].toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.secretName, b.secretName),
  );
}

function byServer(server: string, known: readonly ClusterRecord[]): ResolvedDestination {
  const cluster = known.find((candidate) => candidate.server === server);
  if (cluster !== undefined) return { ok: true, cluster };
  const servers = known.map((candidate) => candidate.server);
  return refuse(`spec.destination.server ${server} is not a known cluster; ${listKnown(servers)}`);
}

/** Two clusters of one name fail: deploying to the wrong one of them is worse than not deploying. */
function byName(name: string, known: readonly ClusterRecord[]): ResolvedDestination {
  const [cluster, another, ...more] = known.filter((candidate) => candidate.name === name);
  if (cluster === undefined) {
    const names = known.map((candidate) => candidate.name);
    return refuse(`spec.destination.name ${name} is not a known cluster; ${listKnown(names)}`);
  }
  if (another === undefined) return { ok: true, cluster };
  const servers = [cluster, another, ...more].map((candidate) => candidate.server);
  return refuse(
    `spec.destination.name ${name} means ${servers.length} clusters (${servers.join(", ")}); use server instead`,
  );
}

function refuse(message: string): ResolvedDestination {
  return { ok: false, message };
}

function listKnown(all: readonly string[]): string {
  const names = [...new Set(all)];
  if (names.length === 0) return "no cluster is known: add one with mooring cluster add";
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `known are ${names.slice(0, 10).join(", ")}${more}`;
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : Number(a > b);
}

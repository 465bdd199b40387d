import { formatRepository, formatRevision } from "../../lib/format.ts";
import type { Application } from "./list-query.ts";

type Source = NonNullable<NonNullable<Application["spec"]>["source"]>;

/** The sources, whether it has one or several. */
export function sourcesOf({ spec }: Application): readonly Source[] {
  const several = spec?.sources ?? [];
  if (several.length > 0) return several;
  return spec?.source === undefined ? [] : [spec.source];
}

/** Where a source is, as one says it. */
export function formatSource({ repoURL = "", path = "", chart = "" }: Source): string {
  const place = chart === "" ? path : chart;
  const repository = formatRepository(repoURL);
  return place === "" || place === "." ? repository : `${repository} / ${place}`;
}

/** The cluster by its name, or by its address where it has none. */
export function clusterOf({ spec }: Application): string {
  const { name = "", server = "" } = spec?.destination ?? {};
  return name !== "" ? name : server;
}

/** The cluster that Mooring runs in is called so by everybody. */
export function formatCluster(cluster: string): string {
  return cluster === "https://kubernetes.default.svc" ? "in-cluster" : cluster.replace(/^https:\/\//u, "");
}

export function isAutomated({ spec }: Application): boolean {
  const automated = spec?.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false;
}

export function revisionOf({ status }: Application): string {
  const revisions = status?.sync?.revisions ?? [];
  const shown = revisions.length > 0 ? revisions : [status?.sync?.revision ?? ""];
  return shown
    .filter((one) => one !== "")
    .map((one) => formatRevision(one))
    .join(", ");
}

/** When anything last happened to it. */
export function lastChangeOf({ metadata, status }: Application): string | undefined {
  const operation = status?.operationState;
  return operation?.finishedAt ?? operation?.startedAt ?? metadata?.creationTimestamp;
}

/** In a few words, what is going on; undefined while nothing is. */
export function activityOf({ metadata, operation, status }: Application): string | undefined {
  if (metadata?.deletionTimestamp !== undefined) return "Being deleted";
  if (status?.operationState?.phase === "Running") return "Syncing";
  if (status?.operationState?.phase === "Terminating") return "Stopping";
  if (operation !== undefined) return "Sync asked for";
  return undefined;
}

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import type { Application } from "../application/application-query.ts";
import type { Resource } from "../application/resources/describe-resources.ts";
import { parseManifest } from "./manifest/json.ts";

/** A resource as part of an application. */
export interface Part {
  readonly app: Application;
  readonly resource: Resource;
}

/** How requests name a resource of an application. */
export function requestOf({ app, resource }: Part) {
  const { name = "", namespace: appNamespace = "" } = app.metadata ?? {};
  const { group, version, kind, namespace, name: resourceName } = resource;
  return { name, appNamespace, group, version, kind, namespace, resourceName };
}

function keyOf({ app, resource }: Part): readonly string[] {
  return ["resource", app.metadata?.namespace ?? "", app.metadata?.name ?? "", resource.key];
}

/** What lives in the cluster, read again whenever the tree tells that it changed. */
export function liveQuery(part: Part) {
  return queryOptions({
    queryKey: [...keyOf(part), "live", part.resource.resourceVersion],
    queryFn: async ({ signal }) => {
      const { manifest } = await call("application.getResource", requestOf(part), { signal });
      return parseManifest(manifest) ?? null;
    },
    enabled: part.resource.isLive,
    placeholderData: keepPreviousData,
  });
}

/** What Git says, what lives, and what a sync would make of it. */
export function managedQuery(part: Part) {
  const { app, resource } = part;
  const { group, kind, namespace, name } = resource;
  const { name: applicationName = "", namespace: appNamespace = "" } = app.metadata ?? {};
  const { revision, revisions } = app.status?.sync ?? {};
  return queryOptions({
    queryKey: [...keyOf(part), "managed", resource.resourceVersion, resource.sync, revision, revisions],
    queryFn: async ({ signal }) => {
      const asked = { applicationName, appNamespace, group, kind, namespace, name };
      const { items = [] } = await call("application.managedResources", asked, { signal });
      const found = items.find(
        (item) => (item.group ?? "") === group && (item.namespace ?? "") === namespace,
      );
      return {
        desired: parseManifest(found?.targetState),
        live: parseManifest(found?.liveState),
        normalized: parseManifest(found?.normalizedLiveState),
        predicted: parseManifest(found?.predictedLiveState),
        isSynced: found?.modified !== true,
      };
    },
    enabled: resource.isManaged,
    placeholderData: keepPreviousData,
  });
}

/** What Kubernetes tells of it; asked for again while somebody looks. */
export function eventsQuery(part: Part) {
  const { name, appNamespace } = requestOf(part);
  const { namespace: resourceNamespace, name: resourceName, uid: resourceUID } = part.resource;
  return queryOptions({
    queryKey: [...keyOf(part), "events", resourceUID],
    queryFn: ({ signal }) =>
      call(
        "application.listResourceEvents",
        { name, appNamespace, resourceNamespace, resourceName, resourceUID },
        { signal },
      ),
    refetchInterval: 10_000,
  });
}

export function actionsQuery(part: Part) {
  return queryOptions({
    queryKey: [...keyOf(part), "actions", part.resource.resourceVersion],
    queryFn: ({ signal }) => call("application.listResourceActions", requestOf(part), { signal }),
    enabled: part.resource.isLive,
    placeholderData: keepPreviousData,
  });
}

export function linksQuery(part: Part) {
  return queryOptions({
    queryKey: [...keyOf(part), "links"],
    queryFn: ({ signal }) => call("application.listResourceLinks", requestOf(part), { signal }),
    enabled: part.resource.isLive,
    staleTime: 60_000,
  });
}

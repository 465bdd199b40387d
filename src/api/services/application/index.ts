import type { ServiceMethods } from "../../call.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { listResourceEvents } from "./list-events.ts";
import { listLinks, listResourceLinks } from "./links.ts";
import { managedResources } from "./managed-resources.ts";
import { getManifests } from "./manifests.ts";
import { getManifestsWithFiles } from "./manifests-with-files.ts";
import {
  deleteResource,
  getResource,
  listResourceActions,
  patchResource,
  runResourceAction,
} from "./objects.ts";
import { podLogs } from "./pod-logs.ts";
import { list } from "./list-applications.ts";
import { get } from "./read-applications.ts";
import { getOciMetadata, revisionChartDetails, revisionMetadata } from "./revisions.ts";
import { serverSideDiff } from "./server-side-diff.ts";
import { resourceTree } from "./resource-tree.ts";
import { rollback, sync, terminateOperation } from "./start-operation.ts";
import { getSyncWindows } from "./sync-windows.ts";
import { watchResourceTree } from "./watch-tree.ts";
import { watch } from "./watch-applications.ts";
import { create, patch, remove, update, updateSpec } from "./write-applications.ts";

/** `application.ApplicationService`. */
export function applicationMethods(context: ApiContext): Partial<ServiceMethods<"application", Caller>> {
  return {
    list: (request, call) => list(context, request, call),
    get: (request, call) => get(context, request, call),
    watch: (request, call) => watch(context, request, call),
    create: (request, call) => create(context, request, call),
    update: (request, call) => update(context, request, call),
    updateSpec: (request, call) => updateSpec(context, request, call),
    patch: (request, call) => patch(context, request, call),
    delete: (request, call) => remove(context, request, call),
    sync: (request, call) => sync(context, request, call),
    rollback: (request, call) => rollback(context, request, call),
    managedResources: (request, call) => managedResources(context, request, call),
    resourceTree: (request, call) => resourceTree(context, request, call),
    watchResourceTree: (request, call) => watchResourceTree(context, request, call),
    listResourceEvents: (request, call) => listResourceEvents(context, request, call),
    podLogs: (request, call) => podLogs(context, request, call),
    getManifests: (request, call) => getManifests(context, request, call),
    getManifestsWithFiles: (requests, call) => getManifestsWithFiles(context, requests, call),
    serverSideDiff: (request, call) => serverSideDiff(context, request, call),
    revisionMetadata: (request, call) => revisionMetadata(context, request, call),
    revisionChartDetails: (request, call) => revisionChartDetails(context, request, call),
    getOCIMetadata: (request, call) => getOciMetadata(context, request, call),
    listLinks: (request, call) => listLinks(context, request, call),
    listResourceLinks: (request, call) => listResourceLinks(context, request, call),
    getResource: (request, call) => getResource(context, request, call),
    patchResource: (request, call) => patchResource(context, request, call),
    deleteResource: (request, call) => deleteResource(context, request, call),
    listResourceActions: (request, call) => listResourceActions(context, request, call),
    runResourceAction: (request, call) => runResourceAction(context, request, call),
    runResourceActionV2: (request, call) => runResourceAction(context, request, call),
    getApplicationSyncWindows: (request, call) => getSyncWindows(context, request, call),
    terminateOperation: (request, call) => terminateOperation(context, request, call),
  };
}

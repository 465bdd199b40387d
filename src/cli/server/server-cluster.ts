import type { ApiClient } from "#api/contract/api-client.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, viewString } from "#core/object/index.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { asObject } from "./as-object.ts";
import { needsCluster } from "./needs-cluster.ts";
import { watchApplications } from "./watch-applications.ts";

/**
 * Applications and projects as a server gives them, in the form in which commands know the hub's cluster. What a server does not give is
 * refused with CLI_NEEDS_CLUSTER, so that a command which needs more says so and not something wrong.
 */
export function createServerCluster(api: ApiClient, clock: Clock): Cluster {
  const refuse = (what: string) => () => Promise.reject(needsCluster(api.address, what));
  return {
    server: api.address,
    readVersion: async (signal) => {
      const { Version = "" } = await api.ask.version.version({}, signal);
      return { gitVersion: Version, major: "", minor: "" };
    },
    read: (ref, signal) => readObject(api, ref, signal),
    list: (type, { namespace = "", labelSelector = "", signal }) =>
      listObjects(api, type, { namespace, labelSelector, signal }),
    watch: (type, options) => {
      if (type.kind === "Application") return watchApplications(api, clock, options);
      throw needsCluster(api.address, `watches of ${type.plural}`);
    },
    create: (type, object, { signal }) => createObject(api, { type, object, signal }),
    mergePatch: (ref, patch, { signal }) => mergePatch(api, ref, { patch, signal }),
    remove: async (ref, { signal }) => {
      if (ref.type.kind !== "AppProject") throw needsCluster(api.address, nameOf(ref.type));
      await api.ask.project.delete({ name: ref.name }, signal);
      return "deleted";
    },
    discover: refuse("the kinds that a cluster serves"),
    schemaOf: refuse("the schemas of a cluster"),
    apply: refuse("writing to its cluster"),
    replace: refuse("writing to its cluster"),
    jsonPatch: refuse("writing to its cluster"),
    listPages: (type) => {
      throw needsCluster(api.address, `pages of ${type.plural}`);
    },
    readLogs: () => {
      throw needsCluster(api.address, "logs of any pod");
    },
    as: () => {
      throw needsCluster(api.address, "acting as somebody else");
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

function nameOf({ kind }: ResourceType): string {
  return `${kind}s of the control plane`;
}

async function readObject(
  { ask, address }: ApiClient,
  { type, namespace, name }: ObjectRef,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    if (type.kind === "Application")
      return asObject(type, await ask.application.get({ name, appNamespace: namespace }, signal));
    if (type.kind === "AppProject") return asObject(type, await ask.project.get({ name }, signal));
  } catch (error) {
    if (isMooringError(error, "API_NOT_FOUND")) return undefined;
    throw error;
  }
  throw needsCluster(address, nameOf(type));
}

interface ListRequest {
  readonly namespace: string;
  readonly labelSelector: string;
  readonly signal: AbortSignal;
}

async function listObjects(
  { ask, address }: ApiClient,
  type: ResourceType,
  { namespace, labelSelector, signal }: ListRequest,
): Promise<readonly KubeObject[]> {
  if (type.kind === "Application") {
    const query = { appNamespace: namespace, selector: labelSelector };
    const { items = [] } = await ask.application.list(query, signal);
    return items.map((item) => asObject(type, item));
  }
  if (type.kind !== "AppProject") throw needsCluster(address, nameOf(type));
  const { items = [] } = await ask.project.list({}, signal);
  return items.map((item) => asObject(type, item));
}

interface CreateRequest {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly signal: AbortSignal;
}

async function createObject(
  { ask, address }: ApiClient,
  { type, object, signal }: CreateRequest,
): Promise<KubeObject> {
  if (type.kind !== "AppProject") throw needsCluster(address, nameOf(type));
  return asObject(type, await ask.project.create({ project: object as JsonObject }, signal));
}

interface PatchRequest {
  readonly patch: JsonObject;
  readonly signal: AbortSignal;
}

async function mergePatch(
  api: ApiClient,
  ref: ObjectRef,
  { patch, signal }: PatchRequest,
): Promise<KubeObject> {
  const { type, name, namespace } = ref;
  const { ask, address } = api;
  if (type.kind === "Application") {
    // A server leaves these out of patches: it would look as if they had been done.
    if ("operation" in patch || "status" in patch)
      throw needsCluster(address, "operations by hand and status to write");
    const request = { name, appNamespace: namespace, patchType: "merge", patch: JSON.stringify(patch) };
    return asObject(type, await ask.application.patch(request, signal));
  }
  if (type.kind !== "AppProject") throw needsCluster(address, nameOf(type));
  const before = await readObject(api, ref, signal);
  const version = viewString(patch, "metadata", "resourceVersion");
  const wanted = applyMergePatch(before ?? {}, patch) as JsonObject;
  // The version that it was decided on is the condition; the one that was read just now may be another.
  const metadata = {
    ...(wanted["metadata"] as JsonObject),
    ...(version === undefined ? {} : { resourceVersion: version }),
  };
  return asObject(type, await ask.project.update({ project: { ...wanted, metadata } }, signal));
}

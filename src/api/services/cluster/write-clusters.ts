import { clusterSecretName, parseClusterSecret } from "#core/cluster/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual, mergePatchOf, viewObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  ClusterCreateRequest,
  ClusterQuery,
  ClusterResponse,
  ClusterUpdateRequest,
} from "../../contract/gen/argocd/cluster_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { clusterPolicyName, findCluster, secretOf, withoutSlash } from "./find-cluster.ts";
import type { ClusterShape } from "./present-cluster.ts";
import { presentCluster } from "./present-cluster.ts";
import { ask } from "./read-clusters.ts";

/** Adds a cluster. One that exists with the same settings is no error; one with others needs `upsert`. */
export async function create(
  context: ApiContext,
  { cluster: given = {}, upsert = false }: ShapeOf<ClusterCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ClusterShape> {
  const server = withoutSlash(given.server ?? "");
  if (server === "")
    throw new MooringError("API_INVALID_ARGUMENT", "cluster.server: is missing; give its address");
  caller.require({
    resource: "clusters",
    action: "create",
    object: clusterPolicyName({ server, project: given.project ?? "" }),
  });
  const { hub } = context;
  const there = context.config().clusters.find((one) => one.server === server);
  const known = there?.secretName === undefined ? undefined : there;
  requireProgram(given, { caller, action: "create" });
  // A Secret takes the place of the cluster that has none, for everybody.
  if (there !== undefined && known === undefined) {
    caller.require({ resource: "clusters", action: "create", object: clusterPolicyName(there) });
  }
  const secret = secretFor(
    { ...given, server },
    known?.secretName ?? clusterSecretName(server),
    hub.namespace,
  );
  const record = parseClusterSecret(secret);
  if (known === undefined) {
    await hub.cluster.create(hubTypes.secret, secret, { fieldManager: apiFieldManager, signal });
    return presentCluster(record, context, undefined);
  }
  const existing = secretOf(context, known);
  if (jsonEqual(viewObject(existing, "data"), viewObject(secret, "data"))) {
    caller.require({ resource: "clusters", action: "get", object: clusterPolicyName(known) });
    return presentCluster(known, context, undefined);
  }
  if (!upsert) {
    throw new MooringError(
      "APP_EXISTS",
      `cluster ${server}: exists with other settings; use upsert to change it`,
    );
  }
  return replace(context, { known, secret, caller, signal });
}

/**
 * Throws API_FORBIDDEN for a cluster with a program that gets its credentials, from whoever may write clusters in a project only: the
 * program runs with what the control plane itself may do.
 */
function requireProgram(
  { server = "", config }: ClusterShape,
  { caller, action }: { readonly caller: Caller; readonly action: string },
): void {
  if (config?.execProviderConfig === undefined) return;
  caller.require({ resource: "clusters", action, object: withoutSlash(server) });
}

/** The Secret of a cluster as a client describes it. */
function secretFor(cluster: ClusterShape, name: string, namespace: string): KubeObject {
  const { server = "", config = {}, namespaces = [], clusterResources, project = "", shard } = cluster;
  const texts = {
    name: (cluster.name ?? "") === "" ? server : (cluster.name ?? ""),
    server,
    config: JSON.stringify(config),
    ...(namespaces.length === 0 ? {} : { namespaces: namespaces.join(",") }),
    ...(clusterResources === true ? { clusterResources: "true" } : {}),
    ...(project === "" ? {} : { project }),
    ...(shard === undefined ? {} : { shard: String(shard) }),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      labels: { ...cluster.labels, [secretTypeLabel]: "cluster" },
      annotations: { ...cluster.annotations, "managed-by": "argocd.argoproj.io" },
    },
    type: "Opaque",
    data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encodeBase64(text)])),
  };
}

interface Replacement {
  readonly known: ClusterRecord;
  readonly secret: KubeObject;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** Changes a cluster for somebody who may update it as it is and as it shall be. */
async function replace(
  context: ApiContext,
  { known, secret, caller, signal }: Replacement,
): Promise<ClusterShape> {
  const wanted = parseClusterSecret(secret);
  for (const one of [known, wanted]) {
    caller.require({ resource: "clusters", action: "update", object: clusterPolicyName(one) });
  }
  const { cluster, namespace } = context.hub;
  const ref = { type: hubTypes.secret, namespace, name: known.secretName ?? "" };
  const changed = await patchObject(cluster, ref, {
    decide: (object) => {
      const owned = ({ metadata, ...rest }: KubeObject): JsonObject => ({
        metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} },
        data: viewObject(rest as JsonObject, "data"),
      });
      return mergePatchOf(owned(object), owned(secret));
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined)
    throw new MooringError("CONFIG_NOT_FOUND", `cluster ${known.server}: was deleted meanwhile`);
  context.hub.secrets.observe(changed);
  return presentCluster(wanted, context, await ask(wanted, context, { signal }));
}

/** Changes a cluster, or the fields of it that are named. Credentials that are not sent stay. */
export async function update(
  context: ApiContext,
  request: ShapeOf<ClusterUpdateRequest>,
  { caller, signal }: ApiCall,
): Promise<ClusterShape> {
  const { cluster: given = {}, updatedFields = [], id } = request;
  const query = id ?? { value: given.server ?? "", type: "server" };
  const known = findCluster(context, { id: query }, { caller, action: "update" });
  requireProgram({ ...given, server: known.server }, { caller, action: "update" });
  const secret = secretOf(context, known);
  const fields: ReadonlySet<string> = new Set(updatedFields);
  const isTaken = (field: keyof ClusterShape): boolean =>
    fields.size === 0 ? given[field] !== undefined : fields.has(field);
  const labels = Object.fromEntries(
    Object.entries(known.labels).filter(([name]) => name !== secretTypeLabel),
  );
  const wanted: ClusterShape = {
    server: known.server,
    name: isTaken("name") ? (given.name ?? "") : known.name,
    namespaces: isTaken("namespaces") ? (given.namespaces ?? []) : known.namespaces,
    clusterResources: isTaken("clusterResources")
      ? (given.clusterResources ?? false)
      : known.clusterResources,
    project: isTaken("project") ? (given.project ?? "") : (known.project ?? ""),
    ...(isTaken("shard")
      ? { shard: given.shard ?? 0 }
      : known.shard === undefined
        ? {}
        : { shard: known.shard }),
    labels: isTaken("labels") ? (given.labels ?? {}) : labels,
    annotations: isTaken("annotations") ? (given.annotations ?? {}) : known.annotations,
    ...(isTaken("config") && given.config !== undefined ? { config: given.config } : {}),
  };
  const made = secretFor(wanted, secret.metadata.name ?? "", context.hub.namespace);
  const config = viewObject(secret, "data")["config"];
  const keeps = wanted.config === undefined && config !== undefined;
  const replaced = keeps ? { ...made, data: { ...viewObject(made, "data"), config } } : made;
  return replace(context, { known, secret: replaced, caller, signal });
}

/** Removes a cluster. What runs on it stays. */
export async function remove(
  context: ApiContext,
  query: ShapeOf<ClusterQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ClusterResponse>> {
  const { metadata } = secretOf(context, findCluster(context, query, { caller, action: "delete" }));
  const { name = "", uid = "" } = metadata;
  const ref = { type: hubTypes.secret, namespace: context.hub.namespace, name };
  await context.hub.cluster.remove(ref, { propagation: "Background", uid, signal });
  return {};
}

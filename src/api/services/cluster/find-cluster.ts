import type { ClusterRecord } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Caller } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ClusterQuery } from "../../contract/gen/argocd/cluster_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

/** What policies call a cluster: its server, with the project in front when it belongs to one. */
export function clusterPolicyName({
  server,
  project = "",
}: Pick<ClusterRecord, "server" | "project">): string {
  return project === "" ? server : `${project}/${server}`;
}

export function withoutSlash(server: string): string {
  return server.replace(/\/+$/u, "");
}

/**
 * A cluster by server or by name. Whether it exists is told only to who may do the action on it, or on every cluster. Throws API_FORBIDDEN
 * and CONFIG_NOT_FOUND.
 */
export function findCluster(
  { config }: Pick<ApiContext, "config">,
  query: ShapeOf<ClusterQuery>,
  { caller, action }: { readonly caller: Caller; readonly action: string },
): ClusterRecord {
  const { type = "", value = "" } = query.id ?? {};
  const isByName = type === "name" || type === "name_escaped";
  const text = type.endsWith("_escaped") ? decode(value) : value;
  const server = withoutSlash(query.server ?? (isByName ? "" : text));
  const name = query.name ?? (isByName ? text : "");
  const found = config().clusters.find(
    (one) => (server !== "" && one.server === server) || (server === "" && name !== "" && one.name === name),
  );
  const permission = {
    resource: "clusters",
    action,
    object: found === undefined ? "*" : clusterPolicyName(found),
  };
  if (!caller.may(permission))
    throw forbidden({ ...permission, object: server === "" ? name : server }, caller.username);
  if (found !== undefined) return found;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `cluster ${server === "" ? JSON.stringify(name) : server}: is not known; see the list of clusters`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new MooringError("API_INVALID_ARGUMENT", "id.value: is not percent-encoded; correct it", {
      cause: error,
    });
  }
}

/** The Secret that a cluster was read from. Throws CONFIG_INVALID for the one that has none. */
export function secretOf({ hub }: Pick<ApiContext, "hub">, { secretName, name }: ClusterRecord): KubeObject {
  const secret = secretName === undefined ? undefined : hub.secrets.get(`${hub.namespace}/${secretName}`);
  if (secret !== undefined) return secret;
  throw new MooringError(
    "CONFIG_INVALID",
    `cluster ${name}: is the one that the control plane runs in and has no Secret; add one for its server to change it`,
  );
}

import type { ClusterRecord } from "#core/cluster/index.ts";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { KeptToken } from "#engine/rotate-token.ts";
import { keptTokenOf, makeNextToken } from "#engine/rotate-token.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type { ClusterQuery, ClusterResponse } from "../../contract/gen/argocd/cluster_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findCluster, secretOf } from "./find-cluster.ts";

/** The account that adding a cluster makes, in Argo CD and here. */
const managerAccount = "argocd-manager";

/**
 * Gives a cluster another token of the account that adding it made. The old one ends when the cluster has accepted the new one and it is
 * stored. Throws API_FAILED_PRECONDITION for every other kind of credential.
 */
export async function rotateAuth(
  context: ApiContext,
  query: ShapeOf<ClusterQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ClusterResponse>> {
  const known = findCluster(context, query, { caller, action: "update" });
  const secret = secretOf(context, known);
  const { token: oldToken, kept } = requireManagersToken(known);
  const cluster = context.targets.clusterOf(known);
  const options = { fieldManager: apiFieldManager, clock: context.clock, signal };
  const next = await makeNextToken(cluster, kept, options);
  try {
    await store(context, secret, { oldToken, token: next.token, signal });
  } catch (error) {
    // An answer may be lost after the token was stored: only one that is surely not in use goes again.
    if (!signal.aborted && (await isElsewhere(context, secret, { token: next.token, signal })))
      await next.withdraw();
    throw error;
  }
  await next.revokeOld();
  return {};
}

function requireManagersToken({ name, connection }: ClusterRecord): {
  readonly token: string;
  readonly kept: KeptToken;
} {
  const refused = (problem: string) =>
    new MooringError(
      "API_FAILED_PRECONDITION",
      `cluster ${name}: ${problem}, so there is no token to rotate`,
    );
  const auth = connection?.auth;
  if (auth?.kind !== "token") throw refused("its credential is no bearer token");
  const kept = keptTokenOf(auth.token);
  if (kept === undefined) throw refused("its token is not kept in a Secret of a service account");
  const { account, secret } = kept;
  const isOurs = secret === `${account}-long-lived-token` || secret.startsWith(`${account}-token-`);
  if (account !== managerAccount || !isOurs) {
    throw refused(
      `its token is of ServiceAccount ${account}, and only those that adding a cluster made are rotated`,
    );
  }
  return { token: auth.token, kept };
}

interface Stored {
  readonly oldToken: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Whether the hub surely holds another token; false when it cannot be asked. */
async function isElsewhere(
  { hub, log }: ApiContext,
  { metadata: { name = "" } }: KubeObject,
  { token, signal }: Omit<Stored, "oldToken">,
): Promise<boolean> {
  try {
    const found = await hub.cluster.read({ type: hubTypes.secret, namespace: hub.namespace, name }, signal);
    return found === undefined || configOf(found)["bearerToken"] !== token;
  } catch (error) {
    log.warn("a new token may be in use or not, so both are left", { secret: name, error: messageOf(error) });
    return false;
  }
}

/** Throws API_FAILED_PRECONDITION when the cluster has got another credential meanwhile. */
async function store(
  { hub }: ApiContext,
  { metadata }: KubeObject,
  { oldToken, token, signal }: Stored,
): Promise<void> {
  const { name = "" } = metadata;
  const changedMeanwhile = (): MooringError =>
    new MooringError(
      "API_FAILED_PRECONDITION",
      `Secret/${hub.namespace}/${name}: was changed meanwhile; try again`,
    );
  const ref = { type: hubTypes.secret, namespace: hub.namespace, name };
  const stored = await patchObject(hub.cluster, ref, {
    decide: (object) => {
      const config = configOf(object);
      // It is, when the answer to the first of two tries was lost.
      if (config["bearerToken"] !== oldToken && config["bearerToken"] !== token) throw changedMeanwhile();
      return { data: { config: encodeBase64(JSON.stringify({ ...config, bearerToken: token })) } };
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (stored === undefined) throw changedMeanwhile();
  hub.secrets.observe(stored);
}

function configOf(secret: KubeObject): JsonObject {
  const text = decodeBase64Text(viewString(secret, "data", "config") ?? "") ?? "";
  const config: JsonValue = text === "" ? {} : (JSON.parse(text) as JsonValue);
  return isJsonObject(config) ? config : {};
}

import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { randomText } from "#runtime/random-text.ts";
import { hubTypes } from "./hub-types.ts";

/** A service account's token that is kept in a Secret of the cluster. */
export interface KeptToken {
  readonly namespace: string;
  readonly account: string;
  readonly secret: string;
}

export interface RotationOptions {
  readonly fieldManager: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface NewToken {
  readonly token: string;
  /** Takes the new token back; the old one stays. */
  readonly withdraw: () => Promise<void>;
  /** Ends the old token. */
  readonly revokeOld: () => Promise<void>;
}

const tokenType = "kubernetes.io/service-account-token";
const accountAnnotation = "kubernetes.io/service-account.name";
const tokenReview: ResourceType = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
  verbs: [],
  shortNames: [],
};
/** The control plane's controller writes the token into the Secret within moments. */
const waitMs = 30_000;

/** Where a token says that it is kept; undefined for what is no such token, such as one that ends by itself. Nothing of it is verified. */
export function keptTokenOf(token: string): KeptToken | undefined {
  const [, payload = ""] = token.split(".");
  const text = decodeBase64Text(payload.replaceAll("-", "+").replaceAll("_", "/")) ?? "";
  let claims: JsonValue;
  try {
    claims = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const claim = (name: string) => viewString(claims, `kubernetes.io/serviceaccount/${name}`);
  const [namespace, account, secret] = [
    claim("namespace"),
    claim("service-account.name"),
    claim("secret.name"),
  ];
  return namespace === undefined || account === undefined || secret === undefined
    ? undefined
    : { namespace, account, secret };
}

/**
 * Makes another token for the account of a kept one, and has the cluster say that it is good. Throws KUBE_TIMEOUT when no token comes,
 * CONFIG_INVALID when what keeps the old one is not that, and errors of the cluster; nothing new is left then.
 */
export async function makeNextToken(
  cluster: Cluster,
  { namespace, account, secret }: KeptToken,
  options: RotationOptions,
): Promise<NewToken> {
  const { fieldManager, signal } = options;
  const type = hubTypes.secret;
  const old = await cluster.read({ type, namespace, name: secret }, signal);
  if (old?.["type"] !== tokenType || old.metadata.annotations?.[accountAnnotation] !== account) {
    throw new MooringError(
      "CONFIG_INVALID",
      `Secret/${namespace}/${secret}: does not keep a token of ServiceAccount/${namespace}/${account}; add the cluster anew`,
    );
  }
  const name = `${account}-token-${randomText(6, "bcdfghjklmnpqrstvwxz2456789")}`;
  const made: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, annotations: { [accountAnnotation]: account } },
    type: tokenType,
  };
  const created = await cluster.create(type, made, { fieldManager, signal });
  const remove = async ({ metadata }: KubeObject): Promise<void> => {
    const { uid = "" } = metadata;
    await cluster.remove(
      { type, namespace, name: metadata.name ?? "" },
      { propagation: "Background", uid, signal },
    );
  };
  try {
    const token = await readWhenThere(cluster, created, options);
    await requireGood(cluster, token, { namespace, account, ...options });
    return { token, withdraw: () => remove(created), revokeOld: () => remove(old) };
  } catch (error) {
    if (!signal.aborted) await remove(created);
    throw error;
  }
}

async function readWhenThere(
  cluster: Cluster,
  { metadata: { name = "", namespace = "" } }: KubeObject,
  { clock, signal }: RotationOptions,
): Promise<string> {
  const late = new AbortController();
  using _timer = clock.after(waitMs, () => late.abort());
  const either = AbortSignal.any([signal, late.signal]);
  const watched = { namespace, fieldSelector: `metadata.name=${name}`, signal: either };
  try {
    for await (const event of cluster.watch(hubTypes.secret, watched)) {
      const data = event.type === "applied" ? viewString(event.object, "data", "token") : undefined;
      const token = decodeBase64Text(data ?? "");
      if (token !== undefined && token !== "") return token;
    }
  } catch (error) {
    if (!late.signal.aborted) throw error;
  }
  signal.throwIfAborted();
  throw new MooringError(
    "KUBE_TIMEOUT",
    `Secret/${namespace}/${name}: got no token within ${waitMs / 1000} s; see whether the cluster's controller manager runs`,
  );
}

async function requireGood(
  cluster: Cluster,
  token: string,
  { namespace, account, fieldManager, signal }: RotationOptions & Omit<KeptToken, "secret">,
): Promise<void> {
  const asked: KubeObject = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: {},
    spec: { token },
  };
  const { status } = await cluster.create(tokenReview, asked, { fieldManager, signal });
  const user = viewString(status, "user", "username");
  if (user === `system:serviceaccount:${namespace}:${account}`) return;
  throw new MooringError(
    "CONFIG_INVALID",
    `ServiceAccount/${namespace}/${account}: the cluster does not accept the new token; the old one stays`,
  );
}

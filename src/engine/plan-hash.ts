import { createHash, createHmac } from "node:crypto";
import { viewString } from "#core/object/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { hubTypes } from "./hub-types.ts";

const secretName = "argocd-secret";
const field = "server.secretkey";
const shortKeyLength = 12;

/** SHA-256 in hexadecimal digits, by which the digests of plans are made. */
export function planDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** How plans are hashed with a control plane's key; without one, values of Secrets are left out of what is hashed. */
export function createPlanHash(hubKey: string | undefined): PlanHash {
  if (hubKey === undefined) {
    return {
      key: "none",
      digest: planDigest,
      entry: (text) => createHash("sha256").update(text).digest().subarray(0, 24).toString("base64url"),
    };
  }
  const key = createHmac("sha256", hubKey).update("plan").digest();
  const hmac = (text: string) => createHmac("sha256", key).update(text).digest();
  return {
    key: hmac("key").toString("hex").slice(0, shortKeyLength),
    digest: planDigest,
    entry: (text) => hmac(text).subarray(0, 24).toString("base64url"),
  };
}

/** The control plane's own key, which Argo CD makes: `server.secretkey` of Secret `argocd-secret`. Undefined when there is none. */
export async function readHubKey(
  hub: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const secret = await hub.read({ type: hubTypes.secret, namespace, name: secretName }, signal);
  const value = viewString(secret, "data", field) ?? "";
  return value === "" ? undefined : value;
}

/** What the randomness of templates is derived from: a password that a chart generates is the same everywhere, and nobody can foretell it. */
export function renderSeedOf(hubKey: string): string {
  return createHmac("sha256", hubKey).update("render").digest("hex");
}

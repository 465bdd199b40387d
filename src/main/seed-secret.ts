import { createHmac } from "node:crypto";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";

const key = "server.secretkey";

/**
 * What the randomness of templates is derived from, so that a password that a chart generates is the same after a restart and nobody can
 * foretell it: the key in Argo CD's Secret `argocd-secret`. Undefined when there is none.
 */
export async function readSeedSecret(
  hub: Cluster,
  namespace: string,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const secret = await hub.read({ type: hubTypes.secret, namespace, name: "argocd-secret" }, signal);
  const value = viewString(secret, "data", key) ?? "";
  if (value !== "") return createHmac("sha256", value).update("render").digest("hex");
  log.info("what charts generate at random will change with every restart", {
    reason: `Secret argocd-secret has no ${key}`,
  });
  return undefined;
}

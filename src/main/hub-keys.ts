import { readHubKey, renderSeedOf } from "#engine/plan-hash.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";

interface HubKeys {
  /** What plans are hashed with, and what else is derived from it. */
  readonly hubKey: string | undefined;
  /** For the renderer: what the randomness of templates is derived from. */
  readonly render: { readonly seedSecret?: string };
}

/** The control plane's key and what is derived from it; says in the log what is missing without one. */
export async function readHubKeys(
  hub: Cluster,
  namespace: string,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<HubKeys> {
  const hubKey = await readHubKey(hub, namespace, signal);
  if (hubKey !== undefined) return { hubKey, render: { seedSecret: renderSeedOf(hubKey) } };
  log.info("what charts generate at random will change with every restart", {
    reason: "Secret argocd-secret has no server.secretkey",
  });
  return { hubKey: undefined, render: {} };
}

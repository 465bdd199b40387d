import { writeFile } from "node:fs/promises";
import type { JsonObject } from "#core/object/index.ts";
import type { EmbeddedCluster } from "#embedded/index.ts";

export interface NamedCluster {
  readonly name: string;
  readonly cluster: EmbeddedCluster;
}

/** A kubeconfig with a context for each cluster, the first of them the current one. Only its owner may read it. */
export async function writeEmbeddedKubeconfig(
  file: string,
  clusters: readonly NamedCluster[],
): Promise<void> {
  const [first] = clusters;
  const kubeconfig: JsonObject = {
    apiVersion: "v1",
    kind: "Config",
    clusters: clusters.map(({ name, cluster }) => ({
      name,
      cluster: { server: cluster.url, "certificate-authority-data": base64(cluster.identity.ca) },
    })),
    users: clusters.map(({ name, cluster: { identity } }) => ({
      name,
      user: {
        "client-certificate-data": base64(identity.adminCertificate),
        "client-key-data": base64(identity.adminKey),
      },
    })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": first?.name ?? "",
  };
  await writeFile(file, `${JSON.stringify(kubeconfig, undefined, 2)}\n`, { mode: 0o600 });
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

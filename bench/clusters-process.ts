import { startEmbeddedCluster } from "#embedded/index.ts";
import { type NamedCluster, writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";

/** Embedded clusters, apart from whoever is measured: `clusters-process.ts <kubeconfig> <count>`, with an IPC channel. */
const [kubeconfig = "", count = ""] = process.argv.slice(2);
const ending = new AbortController();
const clusters: NamedCluster[] = [];
for (let i = 0; i < Number(count); i += 1) {
  const onFailure = (error: unknown): void => void process.stderr.write(`cluster-${i}: ${String(error)}\n`);
  clusters.push({
    name: `cluster-${i}`,
    cluster: await startEmbeddedCluster({ onFailure, signal: ending.signal }),
  });
}
await writeEmbeddedKubeconfig(kubeconfig, clusters);

/** Megabytes resident, and processor seconds so far. */
function usage(): readonly [number, number] {
  const { user, system } = process.cpuUsage();
  return [process.memoryUsage.rss() / 2 ** 20, (user + system) / 1e6];
}

process.on("message", () => process.send?.(usage()));
process.once("SIGTERM", () => process.exit(0));
process.send?.(
  clusters.map(({ cluster }) => ({
    server: cluster.url,
    ca: cluster.identity.ca,
    certificate: cluster.identity.adminCertificate,
    key: cluster.identity.adminKey,
  })),
);

import { startEmbeddedCluster } from "#embedded/index.ts";
import { type ControlPlaneAccess, startControlPlane } from "../../control-plane/fixture.ts";
import type { ServerUnderTest } from "./server.ts";

function underTest({ server, token, caCertificate }: ControlPlaneAccess): ServerUnderTest {
  return { name: "kube-apiserver", url: server, token, ca: caCertificate };
}

/** The real API server and an embedded cluster, both without anything that acts by itself. */
export async function serversAlone(
  dispose: (cleanUp: () => Promise<void>) => void,
): Promise<readonly ServerUnderTest[]> {
  const [real, embedded] = await Promise.all([startControlPlane({ isAlone: true }), embeddedAlone(dispose)]);
  dispose(() => Promise.resolve(real[Symbol.asyncDispose]()));
  return [underTest(real.access), embedded];
}

async function embeddedAlone(dispose: (cleanUp: () => Promise<void>) => void): Promise<ServerUnderTest> {
  const failures: unknown[] = [];
  const cluster = await startEmbeddedCluster({
    isAlone: true,
    onFailure: (error) => failures.push(error),
    signal: new AbortController().signal,
  });
  dispose(async () => {
    await cluster[Symbol.asyncDispose]();
    if (failures.length > 0) throw new AggregateError(failures, "the embedded cluster failed by itself");
  });
  const { adminToken, ca } = cluster.identity;
  return { name: "the embedded cluster", url: cluster.url, token: adminToken, ca };
}

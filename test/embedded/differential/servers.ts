import { onTestFinished } from "vitest";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { controlPlane } from "../../control-plane/fixture.ts";
import type { ServerUnderTest } from "./server.ts";

/** The real API server of this run. */
export function realServer(): ServerUnderTest {
  const { server, token, caCertificate } = controlPlane();
  return { name: "kube-apiserver", url: server, token, ca: caCertificate };
}

/** An embedded cluster of its own, for the running test or hook. */
export async function embeddedServer(
  dispose: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<ServerUnderTest> {
  const failures: unknown[] = [];
  const cluster = await startEmbeddedCluster({
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

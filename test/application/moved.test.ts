import { describe, expect } from "vitest";
import { formatClusterSecret } from "#core/cluster/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { createNamespace } from "../control-plane/fixture.ts";
import { configMap, eventually, inCluster, it, newHub, plainIt, type TestHub } from "./fixture.ts";
import { anotherUrl, register } from "./registered-cluster.ts";

const files = { "a.yaml": [configMap("a"), configMap("b")] };

/** Registers a cluster of its own, which is not the hub's. */
async function registerAnother(hub: TestHub, name: string): Promise<string> {
  const { url: server, connection } = await startAnother();
  const record = {
    name,
    server,
    connection,
    namespaces: [],
    clusterResources: false,
    labels: {},
    annotations: {},
    secretName: `cluster-${name}`,
  };
  await hub.create(formatClusterSecret(record, hub.namespace) as JsonObject);
  return server;
}

async function startAnother() {
  const cluster = await startEmbeddedCluster({
    onFailure: (error) => {
      throw error;
    },
    signal: new AbortController().signal,
  });
  clusters.push(cluster);
  return cluster;
}

const clusters: AsyncDisposable[] = [];

describe("an application whose destination is changed", () => {
  plainIt(
    "to another cluster is deployed there, and says what it left, after a restart, too, until it is back",
    async ({ onTestFinished }) => {
      const hub = await newHub({ onTestFinished });
      onTestFinished(async () => {
        for (const cluster of clusters.splice(0)) await cluster[Symbol.asyncDispose]();
      });
      const server = await registerAnother(hub, "other");
      await hub.start();
      const app = await hub.app("moves", {
        automated: { prune: true, selfHeal: true },
        files,
        destination: { server: "", name: "other" },
        syncOptions: ["CreateNamespace=true"],
      });
      await app.synced();
      expect(await app.live("configmaps/a")).toBeUndefined();
      await app.patch({ spec: { destination: { name: null, server: inCluster } } });
      await eventually(async () => expect(await app.live("configmaps/a")).toBeDefined());
      const left = (place: string, count: number, objects: string) =>
        `LeftBehindWarning: ${count} objects are still in cluster ${place}, to which this application was deployed before: ${objects}; nothing deletes them: set spec.destination back and delete or prune them first, or delete them there by hand and then take this condition off status.conditions`;
      const both = "ConfigMap/<namespace>/a, ConfigMap/<namespace>/b";
      const inOther = left("<server>", 3, `${both}, Namespace/<namespace>`);
      const said = async () => (await app.conditions()).map((line) => line.replaceAll(server, "<server>"));
      await app.waitFor(async () => expect(await said()).toEqual([inOther]));
      await app.synced();
      await hub.stop();
      await hub.start();
      await app.push({ "a.yaml": [configMap("a"), configMap("b", { k: "1" })] });
      await app.synced();
      expect(await said()).toEqual([inOther]);
      await app.patch({ spec: { destination: { name: null, server } } });
      await app.waitFor(async () => expect(await said()).toEqual([left(inCluster, 2, both)]));
      await app.synced();
    },
  );

  it("to another name of the same cluster leaves nothing", async ({ create, hub }) => {
    await register(hub, { name: "again", server: anotherUrl(hub, "localhost") });
    const app = await create("renamed", { automated: true, files });
    await app.synced();
    const { uid } = (await app.live("configmaps/a"))?.metadata ?? {};
    await app.patch({ spec: { destination: { server: null, name: "again" } } });
    await app.waitFor(({ status }) => expect(status?.sync?.comparedTo?.destination.name).toBe("again"));
    await app.synced();
    expect(await app.conditions()).toEqual([]);
    expect((await app.live("configmaps/a"))?.metadata.uid).toBe(uid);
  });

  it("to another namespace goes there, and what is in the old one is pruned, or shown where nothing prunes", async ({
    create,
    hub,
  }) => {
    const [pruned, shown] = await Promise.all([
      create("pruned", { automated: { prune: true, selfHeal: true }, files }),
      create("shown", { automated: { selfHeal: true }, files }),
    ]);
    await Promise.all([pruned.synced(), shown.synced()]);
    for (const app of [pruned, shown]) {
      const { name } = await createNamespace(hub.access, "moved");
      await app.patch({ spec: { destination: { namespace: name } } });
      await eventually(async () =>
        expect(await app.live(`/api/v1/namespaces/${name}/configmaps/a`)).toBeDefined(),
      );
    }
    await eventually(async () => expect(await pruned.live("configmaps/a")).toBeUndefined());
    await pruned.synced();
    await shown.waitFor(async ({ status }) => {
      const old = (status?.resources ?? []).filter((one) => one.namespace === shown.namespace);
      expect(old.map(({ requiresPruning }) => requiresPruning)).toEqual([true, true]);
      expect(status?.sync?.status).toBe("OutOfSync");
    });
    expect(await shown.live("configmaps/a")).toBeDefined();
  });
});

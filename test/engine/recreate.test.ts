import { describe, expect, it } from "vitest";
import { MooringError, messageOf } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";
import { applyObject } from "#engine/apply.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { systemClock } from "#runtime/clock.ts";
import { eventually, testNamespace } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "../kube/connect.ts";
import { applyAction } from "./action.ts";

const write = () => ({ fieldManager: "argocd-controller", force: true, signal: testSignal() });

function deployment(namespace: string, color: string, spec: JsonObject = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: { color } },
      template: {
        metadata: { labels: { color } },
        spec: { containers: [{ name: "web", image: "web" }] },
      },
      ...spec,
    },
  };
}

interface Bench {
  readonly cluster: KubeCluster;
  readonly namespace: string;
  /** Applies, and gives the error's message or `applied`. */
  readonly apply: (action: ApplyAction, on?: Partial<ApplyOn>) => Promise<string>;
  readonly live: (name?: string) => Promise<KubeObject | undefined>;
}

interface ApplyOn {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/** A namespace in which objects of one kind are applied. */
async function startBench(group: string, kind: string): Promise<Bench> {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, group, kind);
  const live = (name = "web") => cluster.read({ type, namespace, name }, testSignal());
  return {
    cluster,
    namespace,
    live,
    apply: async (action, on = {}) => {
      const signal = testSignal();
      const before = await live(action.desired.metadata.name);
      const context = { cluster, clock: systemClock, dryRun: false, live: before, signal, shutdown: signal };
      try {
        await applyObject(action, { ...context, ...on });
        return "applied";
      } catch (error) {
        return messageOf(error).replaceAll(namespace, "<namespace>");
      }
    },
  };
}

function selectorOf(object: KubeObject | undefined): unknown {
  const spec = object?.["spec"];
  return isJsonObject(spec) ? spec["selector"] : undefined;
}

describe("Force=true", () => {
  it("creates anew what cannot be changed, and changes what can", async () => {
    const { cluster, namespace, apply, live } = await startBench("apps", "Deployment");
    const type = await typeOf(cluster, "apps", "Deployment");
    const first = await cluster.apply(type, deployment(namespace, "red"), write());
    const changed = deployment(namespace, "red", { paused: true });
    expect(await apply(applyAction(changed, { force: true }))).toBe("applied");
    expect((await live())?.metadata.uid).toBe(first.metadata.uid);
    expect(await apply(applyAction(deployment(namespace, "blue"), { force: true }))).toBe("applied");
    const second = await live();
    expect(second?.metadata.uid).not.toBe(first.metadata.uid);
    expect(selectorOf(second)).toEqual({ matchLabels: { color: "blue" } });
    expect(second?.metadata.managedFields?.map(({ operation }) => operation)).toContain("Apply");
  });

  it.for(["apply", "replace"] as const)(
    "does not delete a live object because of a typo in its manifest (%s)",
    async (mode) => {
      const { cluster, namespace, apply, live } = await startBench("apps", "Deployment");
      const type = await typeOf(cluster, "apps", "Deployment");
      const first = await cluster.apply(type, deployment(namespace, "red"), write());
      const force = { force: true, mode };
      const refusals = [
        await apply(applyAction(deployment(namespace, "red", { replica: 2 }), force)),
        await apply(applyAction(deployment(namespace, "blue", { replica: 2 }), force)),
        await apply(applyAction(deployment(namespace, "red", { replicas: "two" }), force)),
        await apply(applyAction(deployment(namespace, "blue", { replicas: -1 }), force)),
      ];
      expect(refusals.map((text) => text.startsWith("Deployment/<namespace>/web: "))).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect((await live())?.metadata.uid).toBe(first.metadata.uid);
    },
  );

  it("knows a StatefulSet's way to say immutable", async () => {
    const { cluster, namespace, apply, live } = await startBench("apps", "StatefulSet");
    const type = await typeOf(cluster, "apps", "StatefulSet");
    const set = (serviceName: string) => ({
      ...deployment(namespace, "red", { serviceName }),
      kind: "StatefulSet",
    });
    const first = await cluster.apply(type, set("one"), write());
    expect(await apply(applyAction(set("two"), { force: true }))).toBe("applied");
    expect((await live())?.metadata.uid).not.toBe(first.metadata.uid);
  });

  it("creates a Service anew that has taken a port of the nodes", async () => {
    const { cluster, namespace, apply, live } = await startBench("", "Service");
    const type = await typeOf(cluster, "", "Service");
    const service: KubeObject = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace },
      spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 80 }] },
    };
    const first = await cluster.apply(type, service, write());
    const { spec } = first as unknown as { spec: { ports: { nodePort: number }[] } };
    const port = { port: 80, nodePort: spec.ports[0]?.nodePort ?? 0 };
    const desired = { ...service, spec: { ...(service["spec"] as JsonObject), ports: [port] } };
    expect(await apply(applyAction(desired, { force: true, mode: "replace" }))).toBe("applied");
    expect((await live())?.metadata.uid).not.toBe(first.metadata.uid);
  });

  it("puts the old object back when the new one cannot be created after all", async () => {
    const { cluster, namespace, apply, live } = await startBench("apps", "Deployment");
    const type = await typeOf(cluster, "apps", "Deployment");
    const first = await cluster.apply(type, deployment(namespace, "red"), write());
    let refused = false;
    const failing: Cluster = {
      ...cluster,
      create: async (kind, object, options) => {
        if (options.dryRun === true || refused) return cluster.create(kind, object, options);
        refused = true;
        throw new MooringError("KUBE_FORBIDDEN", "Deployment/web: exceeded quota");
      },
    };
    const action = applyAction(deployment(namespace, "blue"), { force: true, mode: "replace" });
    expect(await apply(action, { cluster: failing })).toBe(
      "Deployment/web: exceeded quota; the old object was put back",
    );
    const back = await live();
    expect(selectorOf(back)).toEqual({ matchLabels: { color: "red" } });
    expect(back?.metadata.uid).not.toBe(first.metadata.uid);
  });

  it("creates an object that disappears before it is deleted", async () => {
    const { cluster, namespace, apply, live } = await startBench("apps", "Deployment");
    const type = await typeOf(cluster, "apps", "Deployment");
    await cluster.apply(type, deployment(namespace, "red"), write());
    const racing: Cluster = {
      ...cluster,
      create: async (kind, object, options) => {
        const ref = { type, namespace, name: "web" };
        await cluster.remove(ref, { propagation: "Background", signal: options.signal });
        return cluster.create(kind, object, options);
      },
    };
    expect(
      await apply(applyAction(deployment(namespace, "blue"), { force: true }), { cluster: racing }),
    ).toBe("applied");
    expect(selectorOf(await live())).toEqual({ matchLabels: { color: "blue" } });
  });

  it("leaves no gap when the sync is terminated between the deletion and the creation", async () => {
    const { cluster, namespace, apply, live } = await startBench("apps", "Deployment");
    const type = await typeOf(cluster, "apps", "Deployment");
    const held = deployment(namespace, "red");
    const metadata = { ...held.metadata, finalizers: ["mooring.dev/test"] };
    await cluster.apply(type, { ...held, metadata }, write());
    const stop = new AbortController();
    const applying = apply(applyAction(deployment(namespace, "blue"), { force: true }), {
      signal: stop.signal,
    });
    await eventually(async () => expect((await live())?.metadata.deletionTimestamp).toBeDefined());
    stop.abort();
    const ref = { type, namespace, name: "web" };
    await cluster.mergePatch(ref, { metadata: { finalizers: null } }, write());
    expect(await applying).toBe("applied");
    expect(selectorOf(await live())).toEqual({ matchLabels: { color: "blue" } });
  });

  it("never deletes a claim for a volume, and says what else can be done", async () => {
    const { cluster, namespace, apply, live } = await startBench("", "PersistentVolumeClaim");
    const type = await typeOf(cluster, "", "PersistentVolumeClaim");
    const claim = (mode: string): KubeObject => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "web", namespace },
      spec: { accessModes: [mode], resources: { requests: { storage: "1Gi" } } },
    });
    const first = await cluster.apply(type, claim("ReadWriteOnce"), write());
    expect(await apply(applyAction(claim("ReadWriteMany")))).toBe(
      "PersistentVolumeClaim/<namespace>/web: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims; restore the old value; Force=true never deletes a PersistentVolumeClaim, because its data would go with it",
    );
    expect((await live())?.metadata.uid).toBe(first.metadata.uid);
  });
});

import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { TestRepository } from "../git-servers/repository.ts";
import { createRepository } from "../git-servers/repository.ts";
import { startController } from "../application/controller.ts";
import { application, argo, namespace, startHub } from "./hub.ts";
import type { TestHub } from "./hub.ts";

const controller = "argocd-application-controller";

function workload(kind: "Deployment" | "StatefulSet", name: string, more: JsonObject = {}): KubeObject {
  const labels = { "app.kubernetes.io/name": name };
  const image = "quay.io/argoproj/argocd:v3.1.4";
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels: { ...labels, "app.kubernetes.io/part-of": "argocd" } },
    spec: {
      replicas: name === controller ? 2 : 1,
      selector: { matchLabels: labels },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: { metadata: { labels }, spec: { containers: [{ name: "argocd", image }] } },
      ...more,
    },
  };
}

const web = (replicas: number): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx:1" }] },
    },
  },
});

/** An object as Argo CD has applied it: on the client's side, with its own field manager and its tracking id. */
async function applyAsArgoCd(hub: TestHub, app: string, manifest: JsonObject): Promise<void> {
  const group = manifest["apiVersion"] === "v1" ? "" : "apps";
  const [kind, name] = [String(viewString(manifest, "kind")), viewString(manifest, "metadata", "name")];
  const annotations = { "argocd.argoproj.io/tracking-id": `${app}:${group}/${kind}:shop/${name}` };
  const object = { ...manifest, metadata: { name, namespace: "shop", annotations } } as unknown as KubeObject;
  const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(object)}\n` };
  const type = (await hub.cluster.discover(hub.signal)).typeOf(group, kind);
  if (type === undefined) throw new Error(`${kind} is not served`);
  const applied = {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, ...lastApplied } },
  };
  await hub.cluster.create(type, applied, { fieldManager: "argocd-controller", signal: hub.signal });
}

interface Installed {
  readonly hub: TestHub;
  readonly repository: TestRepository;
  readonly commit: string;
}

/** What Argo CD writes into the status of an application that it has synced. */
function synced(revision: string, url: string): JsonObject {
  const source = { repoURL: url, path: "web" };
  const destination = { server: "https://kubernetes.default.svc", namespace: "shop" };
  const resources = [
    { version: "v1", kind: "ConfigMap", namespace: "shop", name: "settings", status: "Synced" },
    {
      group: "apps",
      version: "v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
      status: "Synced",
      health: { status: "Healthy" },
    },
  ];
  return {
    sync: { status: "Synced", revision, comparedTo: { source, destination } },
    health: { status: "Healthy" },
    history: [{ id: 0, revision, deployedAt: "2026-11-01T10:00:00Z", source }],
    operationState: {
      phase: "Succeeded",
      startedAt: "2026-11-01T10:00:00Z",
      finishedAt: "2026-11-01T10:00:01Z",
      operation: { initiatedBy: { automated: true }, sync: { revision, prune: true } },
      syncResult: { revision, source, resources: [] },
    },
    resources,
    reconciledAt: "2026-11-01T10:00:01Z",
    sourceType: "Directory",
  };
}

const settings: JsonObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings" },
  data: { a: "1" },
};

/** A hub with an Argo CD that has deployed an automated application from Git. */
async function startInstalled(spec: JsonObject = {}): Promise<Installed> {
  const hub = await startHub();
  const repository = await createRepository(path.join(hub.directory, "shop.git"));
  const files = { "web/web.json": JSON.stringify(web(2)), "web/settings.json": JSON.stringify(settings) };
  const commit = await repository.commit(files);
  await hub.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    workload("StatefulSet", controller),
    workload("Deployment", "argocd-server"),
    workload("Deployment", "argocd-repo-server"),
    workload("Deployment", "argocd-applicationset-controller"),
    workload("Deployment", "argocd-redis"),
    workload("Deployment", "somebody-else"),
  );
  for (const manifest of [web(2), settings]) await applyAsArgoCd(hub, "web", manifest);
  await hub.apply(
    application("web", {
      spec: {
        source: { repoURL: repository.url, path: "web" },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
        ...spec,
      },
      rest: { status: synced(commit, repository.url) },
    }),
  );
  await pods(hub, 5);
  return { hub, repository, commit };
}

/** Waits until so many pods of the installation are there. */
async function pods(hub: TestHub, atLeast: number): Promise<void> {
  const type = (await hub.cluster.discover(hub.signal)).typeOf("", "Pod");
  if (type === undefined) throw new Error("Pod is not served");
  for await (const event of hub.cluster.watch(type, { namespace, signal: hub.signal })) {
    if (event.type === "disconnected") continue;
    const found = await hub.cluster.list(type, { namespace, signal: hub.signal });
    if (found.length >= atLeast) return;
  }
}

const replicasOf = async (hub: TestHub, kind: "Deployment" | "StatefulSet", name: string) =>
  (await hub.read(kind, name))["spec"] as JsonObject;

/** What changes with a write of Mooring's, and not with what workloads say of themselves. */
async function versions(hub: TestHub): Promise<JsonObject> {
  const configMap = await hub.read("ConfigMap", "settings", "shop");
  const { metadata } = await hub.read("Deployment", "web", "shop");
  const { uid = "", generation, managedFields = [] } = metadata;
  const managers = managedFields.map((entry) => viewString(entry as unknown as JsonObject, "manager") ?? "");
  return {
    configMap: configMap.metadata.resourceVersion,
    uid,
    generation,
    managers: [...new Set(managers)].toSorted(),
  };
}

describe("admin adopt", () => {
  it("shows that nothing changes, stops Argo CD's controllers, and lets Mooring go on without a write", async () => {
    const { hub } = await startInstalled();
    const before = await versions(hub);
    const shown = await hub.cli.run("admin", "adopt");
    expect(shown.out).toMatchInlineSnapshot(`
      "Argo CD v3.1.4 in namespace argocd of context hub
        Deployment/argocd-applicationset-controller          1 replica, stops
        Deployment/argocd-redis                              1 replica, stays
        Deployment/argocd-repo-server                        1 replica, stays
        Deployment/argocd-server                             1 replica, stays
        StatefulSet/argocd-application-controller            2 replicas, stops
        tracking: annotation, label app.kubernetes.io/instance, installation id: none
        definitions: applications.argoproj.io v1alpha1; appprojects.argoproj.io v1alpha1; applicationsets.argoproj.io v1alpha1

      applications (1)
        = argocd/web: changes nothing of 2 objects

      Taking over changes no object of 1 application.
      "
    `);
    expect(shown).toMatchObject({
      code: 0,
      err: "nothing was changed; take over with: mooring admin adopt --yes -n argocd\n",
    });
    expect(await replicasOf(hub, "StatefulSet", controller)).toMatchObject({ replicas: 2 });

    const done = await hub.cli.run("admin", "adopt", "--yes");
    expect(done).toMatchObject({ code: 0, err: "" });
    expect(done.out).toContain(`StatefulSet/${controller} has 0 replicas now`);
    expect(done.out).toContain("start Mooring with: mooring install --apply --skip-crds -n argocd\n");
    expect(await replicasOf(hub, "StatefulSet", controller)).toMatchObject({ replicas: 0 });
    expect(await replicasOf(hub, "Deployment", "argocd-applicationset-controller")).toMatchObject({
      replicas: 0,
    });
    expect(await replicasOf(hub, "Deployment", "argocd-server")).toMatchObject({ replicas: 1 });

    const running = await startController({
      kubeconfigPath: hub.kubeconfig,
      namespace,
      data: path.join(hub.directory, "controller"),
      identity: "mooring",
      write: () => undefined,
    });
    await reconciled(hub);
    expect(await versions(hub)).toEqual(before);
    const app = await hub.read("Application", "web");
    expect(viewString(app, "status", "sync", "status")).toBe("Synced");
    expect(viewString(app, "status", "operationState", "finishedAt")).toBe("2026-11-01T10:00:01Z");

    const beside = await hub.cli.run("admin", "adopt", "--undo", "--yes");
    expect(beside).toMatchObject({
      code: 20,
      err: expect.stringContaining(
        "stop it first: kubectl scale deployment mooring-controller --replicas 0 -n argocd\n",
      ) as string,
    });
    await running.stop();
    const again = async () => await hub.cli.run("admin", "adopt", "--yes");
    await expect.poll(again, { timeout: 60_000 }).toMatchObject({ code: 0, err: "" });
    expect((await hub.cli.run("admin", "adopt", "--undo")).err).toBe(
      "nothing was changed; put them back with: mooring admin adopt --undo --yes -n argocd\n",
    );
    expect(await hub.cli.run("admin", "adopt", "--undo", "--yes")).toMatchObject({ code: 0, err: "" });
    const back = await hub.read("StatefulSet", controller);
    expect(back["spec"]).toMatchObject({ replicas: 2 });
    expect(back.metadata.annotations).toBeUndefined();
    expect((await hub.cli.run("admin", "adopt", "--undo", "--yes")).out).toContain("nothing of the Argo CD");
  });

  it("names what would change and why, and does not do it without being told to", async () => {
    const { hub, repository } = await startInstalled();
    await repository.change({ "web/web.json": JSON.stringify(web(3)), "web/settings.json": null });
    const shown = await hub.cli.run("admin", "adopt");
    expect(shown.code).toBe(1);
    expect(shown.out).toContain("~ argocd/web: its automated sync would change 2 of 2 objects");
    expect(shown.out).toContain("change Deployment/shop/web: spec.replicas");
    expect(shown.out).toContain("prune ConfigMap/shop/settings");
    const refused = await hub.cli.run("admin", "adopt", "--yes");
    expect(refused).toMatchObject({ code: 20, err: expect.stringContaining("--allow-changes") as string });
    expect(await replicasOf(hub, "StatefulSet", controller)).toMatchObject({ replicas: 2 });
    expect(await hub.cli.run("admin", "adopt", "--yes", "--allow-changes")).toMatchObject({ code: 0 });
    expect(await replicasOf(hub, "StatefulSet", controller)).toMatchObject({ replicas: 0 });
  });

  it("says of an application that nobody syncs by itself that it waits for somebody", async () => {
    const { hub, repository } = await startInstalled({ syncPolicy: {} });
    await repository.change({ "web/web.json": JSON.stringify(web(3)) });
    const shown = await hub.cli.run("admin", "adopt");
    expect(shown.code).toBe(0);
    expect(shown.out).toContain("= argocd/web: when somebody syncs it, that would change 1 of 2 objects");
    expect(shown.out).toContain("Taking over changes no object of 1 application.");
  });

  it("tells of what cannot be planned, and of settings without effect, and goes on with the rest", async () => {
    const { hub } = await startInstalled();
    await hub.apply(
      application("broken", { spec: { source: { repoURL: `file://${hub.directory}/none.git`, path: "." } } }),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "argocd-notifications-cm", namespace },
        data: { a: "b" },
      },
    );
    const configMap = (name: string) => ({ type: hubTypes.configMap, namespace, name });
    const options = { fieldManager: "test", signal: hub.signal };
    await hub.cluster.mergePatch(
      configMap("argocd-cm"),
      { data: { "timeout.hard.reconciliation": "1h" } },
      options,
    );
    await hub.cluster.mergePatch(
      configMap("argocd-cmd-params-cm"),
      { data: { "controller.status.processors": "50" } },
      options,
    );
    const { code, out } = await hub.cli.run("admin", "adopt");
    expect(code).toBe(1);
    expect(out).toContain("timeout.hard.reconciliation has no effect");
    expect(out).toContain("argocd-cmd-params-cm: controller.status.processors:");
    expect(out).toContain("Mooring sends no notifications yet");
    expect(out).toContain("? argocd/broken: cannot be planned");
    expect(out).toContain("= argocd/web: changes nothing of 2 objects");
  });

  it("is refused where Argo CD manages itself, where an operator would start it, and beside a Mooring that leads", async () => {
    const { hub } = await startInstalled();
    const self = { kind: "StatefulSet", group: "apps", version: "v1", namespace, name: controller };
    await hub.apply(
      application("argo-cd", {
        spec: { syncPolicy: { automated: {} } },
        rest: { status: { resources: [self] } },
      }),
    );
    const settingsOf = await hub.read("ConfigMap", "argocd-rbac-cm");
    const uid = settingsOf.metadata.uid ?? "";
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "argocd-rbac-cm", uid, controller: true };
    const type = (await hub.cluster.discover(hub.signal)).typeOf("apps", "StatefulSet");
    if (type === undefined) throw new Error("StatefulSet is not served");
    await hub.cluster.mergePatch(
      { type, namespace, name: controller },
      { metadata: { ownerReferences: [owner] } },
      { fieldManager: "test", signal: hub.signal },
    );
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "mooring-controller", namespace },
      spec: {
        holderIdentity: "pod-1",
        leaseDurationSeconds: 3600,
        renewTime: new Date().toISOString().replace("Z", "000Z"),
      },
    };
    await hub.apply(lease);
    const { code, out, err } = await hub.cli.run("admin", "adopt", "--yes", "--allow-changes");
    expect({ code, err }).toMatchObject({
      code: 20,
      err: expect.stringContaining("not to be done before") as string,
    });
    expect(out).toContain(
      `Application/argocd/argo-cd: has StatefulSet/${controller} in Git and syncs by itself`,
    );
    expect(out).toContain(`StatefulSet/${controller}: belongs to ConfigMap/argocd-rbac-cm`);
    expect(out).toContain("a controller of Mooring leads here already (pod-1, until 20");
    expect(await replicasOf(hub, "StatefulSet", controller)).toMatchObject({ replicas: 2 });
  });

  it("names what is left to another application in a group of its own, and what happens to it", async () => {
    const { hub, repository } = await startInstalled();
    const shared = { ...settings, metadata: { name: "shared" }, data: { a: "theirs" } };
    await applyAsArgoCd(hub, "billing", shared);
    await repository.change({ "web/shared.json": JSON.stringify({ ...shared, data: { a: "ours" } }) });
    const { code, out } = await hub.cli.run("admin", "adopt");
    expect(code).toBe(0);
    expect(out.slice(out.indexOf("applications (1)"))).toMatchInlineSnapshot(`
      "applications (1)
        = argocd/web: changes nothing of 2 objects
            leaves 1 more to another application, see below

      left to another application: these objects stay as they are, and a sync of the application that does not apply them ends as failed, where Argo CD's would take them
        ConfigMap/shop/shared: owned by application billing, so web does not apply it; remove it from one of the two, or set sync option TakeOwnership=true

      Taking over changes no object of 1 application. 1 object is left to another application, see above.
      "
    `);
    expect(await hub.cli.run("admin", "adopt", "--yes")).toMatchObject({ code: 0 });
    expect((await hub.read("ConfigMap", "shared", "shop"))["data"]).toEqual({ a: "theirs" });
  });

  it("leaves what makes Applications out of ApplicationSets running where there are any", async () => {
    const { hub } = await startInstalled();
    const template = { metadata: { name: "x" }, spec: application("x")["spec"] ?? {} };
    await hub.apply({
      apiVersion: argo,
      kind: "ApplicationSet",
      metadata: { name: "many", namespace },
      spec: { generators: [{ list: { elements: [] } }], template },
    });
    expect(await hub.cli.run("admin", "adopt", "--yes")).toMatchObject({ code: 0 });
    expect(await replicasOf(hub, "Deployment", "argocd-applicationset-controller")).toMatchObject({
      replicas: 1,
    });
  });

  it("says where there is no Argo CD", async () => {
    const hub = await startHub();
    const { code, err } = await hub.cli.run("admin", "adopt");
    expect({ code, err }).toMatchObject({ code: 13, err: expect.stringContaining("-n") as string });
  });
});

/** Waits until Mooring has looked at the application. */
async function reconciled(hub: TestHub): Promise<void> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const options = { namespace, signal: AbortSignal.any([stop.signal, hub.signal]) };
  for await (const event of hub.cluster.watch(hubTypes.application, options)) {
    if (event.type !== "applied") continue;
    const at = viewString(event.object, "status", "reconciledAt");
    if (at !== undefined && at !== "2026-11-01T10:00:01Z") return;
  }
}

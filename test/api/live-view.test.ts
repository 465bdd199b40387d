import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { installObject } from "#engine/install-object.ts";
import { startCluster } from "#kube/index.ts";
import { runController } from "#main/controller.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import { openRemoteView } from "#main/remote-live-view.ts";
import type { LiveView } from "#ports/live-view.ts";
import { systemClock } from "#runtime/clock.ts";
import { createLog } from "#runtime/log.ts";
import { describeLiveView, liveViewFiles } from "../contracts/live-view.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { TestRepository } from "../git-servers/repository.ts";
import { createRepository } from "../git-servers/repository.ts";

const namespace = "argocd";
let running: AsyncDisposable;
let repository: TestRepository;
let local: LiveView;
let remote: LiveView;

beforeAll(async () => {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-view-test-"));
  setup.defer(() => rm(directory, { recursive: true, force: true }));
  const stop = new AbortController();
  const { signal } = stop;
  const embedded = setup.use(await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal }));
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfig }, { namespace, signal });
  const hub = setup.use(startCluster(embedded.connection));
  repository = await createRepository(path.join(directory, "app.git"));
  const commit = await repository.commit(liveViewFiles, { message: "Begin" });
  await repository.tag("v1.0.0", commit);
  await installObject(hub, application(repository.url), { clock: systemClock, fieldManager: "test", signal });
  const leading = Promise.withResolvers<LiveView>();
  const ended = runController({
    kubeconfig,
    data: path.join(directory, "controller"),
    identity: "test",
    internalAddress: "127.0.0.1:0",
    write: () => undefined,
    onView: (view) => {
      if (view !== undefined) leading.resolve(view);
    },
    signal,
  });
  setup.defer(async () => {
    stop.abort();
    await ended;
  });
  local = await leading.promise;
  const log = createLog({ level: "error", format: "text", write: () => undefined, now: () => Date.now() });
  remote = await openRemoteView({ cluster: hub, namespace, clock: systemClock, log, signal });
  await eventually(async () => {
    const managed = await local.managed("argocd/web" as Parameters<LiveView["managed"]>[0], signal);
    if (managed.some(({ sync }) => sync !== "Synced")) throw new Error("not synced yet");
  });
  const ref = { type: hubTypes.project, namespace, name: "default" };
  const watching = { spec: { orphanedResources: { warn: false } } };
  await hub.mergePatch(ref, watching, { fieldManager: "test", signal });
  const stray = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "stray", namespace: "web" },
  };
  await installObject(hub, stray, { clock: systemClock, fieldManager: "test", signal });
  running = setup.move();
}, 60_000);

afterAll(async () => running[Symbol.asyncDispose]());

function application(repoURL: string): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace },
    spec: {
      project: "default",
      source: { repoURL, path: "web", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: "web" },
      syncPolicy: { automated: {}, syncOptions: ["CreateNamespace=true"] },
    },
  };
}

describeLiveView("a controller's own", () => ({ view: local, repository }));
describeLiveView("a remote", () => ({ view: remote, repository }));

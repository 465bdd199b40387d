import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Application } from "#core/app/index.ts";
import { appKey } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { createPlanHash, readHubKey } from "#engine/plan-hash.ts";
import { renderedDigest } from "#engine/promotion/rendered-digest.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { runController } from "#main/controller.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { LiveView } from "#ports/live-view.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { TestRepository } from "../git-servers/repository.ts";
import { createRepository } from "../git-servers/repository.ts";

export const namespace = "argocd";
const write = { fieldManager: "test", signal: new AbortController().signal };

export interface GateBed {
  readonly hub: KubeCluster;
  readonly repository: TestRepository;
  /** Lines of the controller's log. */
  readonly log: readonly string[];
  create(type: ResourceType, name: string, rest: JsonObject): Promise<KubeObject>;
  setStatus(type: ResourceType, name: string, status: JsonObject): Promise<void>;
  /** What an application renders to at the commits of its sources, as a plan says it. */
  digestAt(app: string, ...commits: readonly string[]): Promise<string>;
  app(name: string): Promise<Application>;
  /** Asks for a sync and gives the message with which it ended. */
  sync(name: string, sync: JsonObject): Promise<string>;
  /** The same as automation asks for it after a failure. */
  goBack(name: string, revision: string): Promise<string>;
}

/** A controller on an embedded cluster of its own, with one repository; ends with the test. */
export async function startGateBed({ withoutDefinitions = false } = {}): Promise<GateBed> {
  const stack = new AsyncDisposableStack();
  onTestFinished(() => stack.disposeAsync());
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-gates-"));
  stack.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const stop = new AbortController();
  const { signal } = stop;
  const embedded = stack.use(await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal }));
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfig }, { namespace, signal });
  const hub = stack.use(startCluster(embedded.connection));
  if (withoutDefinitions) await removeDefinitions(hub);
  const repository = await createRepository(path.join(directory, "shop.git"));
  const leading = Promise.withResolvers<LiveView>();
  const log: string[] = [];
  const ended = runController({
    kubeconfig,
    data: path.join(directory, "controller"),
    identity: "test",
    internalAddress: "127.0.0.1:0",
    write: (line) => void log.push(line),
    onView: (view) => {
      if (view !== undefined) leading.resolve(view);
    },
    signal,
  });
  stack.defer(async () => {
    stop.abort();
    await ended;
  });
  const view = await leading.promise;
  const project = { type: hubTypes.project, namespace, name: "default" };
  await hub.mergePatch(project, { spec: { sourceRepos: [repository.url] } }, write);
  return { hub, repository, log, ...actsOn(hub, view) };
}

function actsOn(
  hub: Cluster,
  view: LiveView,
): Pick<GateBed, "create" | "setStatus" | "digestAt" | "app" | "sync" | "goBack"> {
  const { signal } = write;
  return {
    create: (type, name, rest) => {
      const apiVersion = `${type.group}/${type.version}`;
      return hub.create(type, { apiVersion, kind: type.kind, metadata: { name, namespace }, ...rest }, write);
    },
    setStatus: async (type, name, status) => {
      await hub.mergePatch({ type, namespace, name }, { status }, { ...write, subresource: "status" });
    },
    digestAt: async (app, ...revisions) => {
      const hash = createPlanHash(await readHubKey(hub, namespace, signal));
      const { objects } = await view.manifests(appKey(namespace, app), { revisions, signal });
      return renderedDigest(objects, hash);
    },
    app: (name) => readApp(hub, name),
    sync: (name, sync) => syncOnce(hub, name, { sync, initiatedBy: { username: "kim" } }),
    goBack: (name, revision) =>
      syncOnce(hub, name, { sync: { revision }, initiatedBy: { automated: true }, remark: "rollback" }),
  };
}

async function readApp(hub: Cluster, name: string): Promise<Application> {
  const ref = { type: hubTypes.application, namespace, name };
  return (await hub.read(ref, write.signal)) as unknown as Application;
}

let syncs = 0;

async function syncOnce(
  hub: Cluster,
  name: string,
  { remark = "number", ...asked }: JsonObject & { readonly remark?: string },
): Promise<string> {
  syncs += 1;
  const info = [{ name: remark, value: String(syncs) }];
  const operation = { ...asked, info };
  await hub.mergePatch({ type: hubTypes.application, namespace, name }, { operation }, write);
  return await eventually(async () => {
    const { status, operation: left } = await readApp(hub, name);
    const state = status?.operationState;
    expect(left).toBeUndefined();
    expect(state?.operation.info).toEqual(info);
    expect(state?.finishedAt).toBeDefined();
    return `${state?.phase}: ${state?.message}`;
  });
}

async function removeDefinitions(hub: Cluster): Promise<void> {
  const type: ResourceType = {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    namespaced: false,
    verbs: [],
    shortNames: [],
  };
  const { signal } = write;
  for (const name of ["pipelines.mooring.dev", "promotions.mooring.dev"])
    await hub.remove({ type, namespace: "", name }, { propagation: "Background", signal });
  await eventually(async () => {
    const found = await Promise.all(
      ["pipelines.mooring.dev", "promotions.mooring.dev"].map((name) =>
        hub.read({ type, namespace: "", name }, signal),
      ),
    );
    expect(found).toEqual([undefined, undefined]);
  });
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFailed, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { PipelineStatus, Promotion, StageStatus } from "#core/promotion/index.ts";
import { approve, breakGlass, parsePipeline, parsePromotion, reject } from "#core/promotion/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { promote, rollback } from "#engine/promotion-requests/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ControllerProcess, ControllerSettings } from "../application/controller.ts";
import { startController, startControllerProcess } from "../application/controller.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { GitHttpServer, TestRepository } from "../git-servers/index.ts";
import { createRepository, startGitHttpServer } from "../git-servers/index.ts";

const namespace = "argocd";
const fieldManager = "test";
const { signal } = new AbortController();

export const configMap = (color: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {color: ${color}}\n`;

export interface PipelineBed {
  readonly hub: KubeCluster;
  readonly repository: TestRepository;
  readonly git: GitHttpServer;
  readonly url: string;
  readonly directory: string;
  /** Lines of the controllers' log. */
  readonly log: readonly string[];
  readonly settings: ControllerSettings;
  start(more?: Partial<ControllerSettings>): Promise<() => Promise<void>>;
  startProcess(): ControllerProcess;
  /** An Application of `color` with a namespace of its own. */
  app(
    name: string,
    spec: JsonObject & { readonly branch: string; readonly isAutomated?: boolean },
  ): Promise<void>;
  pipeline(name: string, spec: JsonObject): Promise<void>;
  patchPipeline(name: string, patch: JsonObject): Promise<void>;
  /** Has a pipeline looked at now, as `mooring refresh` does. */
  refresh(pipeline: string): Promise<void>;
  status(pipeline: string): Promise<PipelineStatus>;
  stage(pipeline: string, stage: string): Promise<StageStatus>;
  promotion(name: string): Promise<Promotion>;
  promotions(pipeline: string, stage?: string): Promise<readonly Promotion[]>;
  promote(pipeline: string, stage: string, more?: Partial<Parameters<typeof promote>[2]>): Promise<string>;
  rollback(pipeline: string, stage: string, reason: string): Promise<string>;
  approve(name: string, username: string): Promise<void>;
  reject(name: string, username: string): Promise<void>;
  breakGlass(name: string, username: string): Promise<void>;
  /** Waits until a promotion is in a phase. */
  phase(name: string, phase: string): Promise<Promotion>;
  /** Waits until a live ConfigMap `web` of an application's namespace has this color. */
  color(app: string, color: string): Promise<void>;
}

/** For what must happen: the machine may be busy. */
export const patiently = { timeoutMs: 60_000 };

/** A hub on an embedded cluster with one repository behind a Git server; everything ends with the test. */
export async function startPipelineBed(): Promise<PipelineBed> {
  const stack = new AsyncDisposableStack();
  onTestFinished(() => stack.disposeAsync());
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-promotion-"));
  stack.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const stop = new AbortController();
  const embedded = stack.use(
    await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal: stop.signal }),
  );
  const kubeconfigPath = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfigPath, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfigPath }, { namespace, signal });
  const hub = stack.use(startCluster(embedded.connection));
  const repository = await createRepository(path.join(directory, "git", "shop.git"));
  await repository.git("config", "http.receivepack", "true");
  const git = stack.use(await startGitHttpServer({ root: path.join(directory, "git") }));
  const log: string[] = [];
  onTestFailed(() => void process.stderr.write(`controller's log:\n${log.slice(-80).join("")}`));
  const settings: ControllerSettings = {
    kubeconfigPath,
    namespace,
    data: path.join(directory, "controller"),
    identity: "test",
    write: (line) => void log.push(line),
  };
  stack.defer(() => stop.abort());
  return {
    hub,
    repository,
    git,
    url: `${git.url}/shop.git`,
    directory,
    log,
    settings,
    start: async (more = {}) => {
      const running = await startController({ ...settings, ...more });
      stack.defer(() => running.stop());
      return () => running.stop();
    },
    startProcess: () => {
      const child = startControllerProcess(settings);
      stack.defer(() => child.kill());
      return child;
    },
    ...createObjects(hub, `${git.url}/shop.git`),
    ...createReaders(hub),
    ...createRequests(hub),
  };
}

type Objects = Pick<PipelineBed, "app" | "pipeline" | "patchPipeline" | "refresh">;

function createObjects(hub: KubeCluster, url: string): Objects {
  const patchPipeline = async (name: string, patch: JsonObject) => {
    await hub.mergePatch({ type: hubTypes.pipeline, namespace, name }, patch, { fieldManager, signal });
  };
  return {
    app: async (name, { branch, isAutomated = true, ...source }) => {
      const object = {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name, namespace },
        spec: {
          project: "default",
          source: { repoURL: url, targetRevision: branch, path: "web", ...source },
          destination: { server: "https://kubernetes.default.svc", namespace: name },
          syncPolicy: {
            syncOptions: ["CreateNamespace=true"],
            ...(isAutomated ? { automated: { prune: true, selfHeal: true } } : {}),
          },
        },
      };
      await hub.create(hubTypes.application, object, { fieldManager, signal });
    },
    pipeline: async (name, spec) => {
      const object = {
        apiVersion: "mooring.dev/v1alpha1",
        kind: "Pipeline",
        metadata: { name, namespace },
        spec: { repoURL: url, interval: "1s", ...spec },
      };
      await hub.create(hubTypes.pipeline, object, { fieldManager, fieldValidation: "Strict", signal });
    },
    patchPipeline,
    refresh: (name) =>
      patchPipeline(name, { metadata: { annotations: { "mooring.dev/refresh": `${Math.random()}` } } }),
  };
}

async function readHub(hub: KubeCluster, type: ResourceType, name: string): Promise<KubeObject> {
  const object = await hub.read({ type, namespace, name }, signal);
  if (object === undefined) throw new Error(`${type.kind} ${name} does not exist`);
  return object;
}

type Readers = Pick<PipelineBed, "status" | "stage" | "promotion" | "promotions" | "phase" | "color">;

function createReaders(hub: KubeCluster): Readers {
  const status = async (name: string) =>
    ((await readHub(hub, hubTypes.pipeline, name))["status"] ?? {}) as unknown as PipelineStatus;
  const promotion = async (name: string) => parsePromotion(await readHub(hub, hubTypes.promotion, name));
  return {
    status,
    stage: async (name, stage) => {
      const { stages = [] } = await status(name);
      const found = stages.find((one) => one.name === stage);
      if (found === undefined) throw new Error(`stage ${stage} has no status yet`);
      return found;
    },
    promotion,
    promotions: async (name, stage) => {
      const objects = await hub.list(hubTypes.promotion, { namespace, signal });
      return objects
        .map((object) => parsePromotion(object))
        .filter(({ spec }) => spec.pipeline === name && (stage === undefined || spec.stage === stage))
        .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    phase: async (name, phase) =>
      eventually(async () => {
        const found = await promotion(name);
        const { phase: now = "Pending", message = "" } = found.status;
        expect(`${now}: ${message}`).toMatch(new RegExp(`^${phase}:`, "u"));
        return found;
      }, patiently),
    color: async (app, color) => {
      const ref = { type: hubTypes.configMap, namespace: app, name: "web" };
      await eventually(async () => {
        const object = await hub.read(ref, signal);
        expect(object?.["data"]).toEqual({ color });
      }, patiently);
    },
  };
}

type Requests = Pick<PipelineBed, "promote" | "rollback" | "approve" | "reject" | "breakGlass">;

function createRequests(hub: KubeCluster): Requests {
  const place = { cluster: hub, fieldManager, signal };
  const pipelineOf = async (name: string) => parsePipeline(await readHub(hub, hubTypes.pipeline, name));
  const decide = async (name: string, change: (promotion: Promotion) => JsonObject | undefined) => {
    const ref = { type: hubTypes.promotion, namespace, name };
    await patchObject(hub, ref, {
      decide: (object) => change(parsePromotion(object)),
      subresource: "status",
      fieldManager,
      signal,
    });
  };
  const decision = (username: string, reason: string) => ({
    person: { username, groups: [] },
    reason,
    at: formatTime(Date.now()),
  });
  return {
    promote: async (name, stage, more = {}) => {
      const asked = { stage, revision: "", ...decision("pia", ""), ...more };
      const created = await promote(place, await pipelineOf(name), asked);
      return created.metadata.name ?? "";
    },
    rollback: async (name, stage, reason) => {
      const asked = { stage, to: "", ...decision("rob", reason) };
      const created = await rollback(place, await pipelineOf(name), asked);
      return created.metadata.name ?? "";
    },
    approve: async (name, username) => {
      const { spec } = parsePromotion(await readHub(hub, hubTypes.promotion, name));
      const { stages } = await pipelineOf(spec.pipeline);
      const gates = stages.find((stage) => stage.name === spec.stage)?.gates ?? [];
      await decide(name, (promotion) => {
        const digest = promotion.status.plan?.digest ?? "";
        return approve(promotion, gates, { ...decision(username, ""), digest });
      });
    },
    reject: (name, username) =>
      decide(name, (promotion) => reject(promotion, decision(username, "not on a Friday"))),
    breakGlass: (name, username) =>
      decide(name, (promotion) => breakGlass(promotion, decision(username, "prod is down"))),
  };
}

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customResourceDefinitions } from "#core/crd/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import {
  ApiError,
  callApi,
  type ControlPlaneAccess,
  createNamespace,
  eventually,
} from "../control-plane/fixture.ts";
import {
  type ControllerProcess,
  type ControllerSettings,
  type RunningController,
  startController,
  startControllerProcess,
} from "./controller.ts";

/** A control-plane namespace of its own, for one test file: the CRDs are there, a controller can be started on it. */
export interface TestHub extends AsyncDisposable {
  readonly access: ControlPlaneAccess;
  readonly namespace: string;
  /** Scratch directory; deleted with the hub. */
  readonly directory: string;
  /** Every line that controllers of this hub have logged. */
  readonly log: readonly string[];
  /** A controller in this process. */
  start(
    more?: Pick<ControllerSettings, "clock" | "revisionWritesPerSecond" | "applicationNamespaces">,
  ): Promise<void>;
  stop(): Promise<void>;
  startProcess(): ControllerProcess;
  /** Creates an object in the hub's namespace. */
  create(object: JsonObject): Promise<void>;
  readonly settings: ControllerSettings;
}

const argoPath = "/apis/argoproj.io/v1alpha1";
const hubPaths: Readonly<Record<string, (namespace: string) => string>> = {
  AppProject: (namespace) => `${argoPath}/namespaces/${namespace}/appprojects`,
  Application: (namespace) => `${argoPath}/namespaces/${namespace}/applications`,
  ImageAutomation: (namespace) => `/apis/mooring.dev/v1alpha1/namespaces/${namespace}/imageautomations`,
  Secret: (namespace) => `/api/v1/namespaces/${namespace}/secrets`,
  ConfigMap: (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
};

/** A new hub without a controller. */
export async function createHub(access: ControlPlaneAccess): Promise<TestHub> {
  await Promise.all(customResourceDefinitions().map((definition) => install(access, definition)));
  const namespace = await createNamespace(access, "hub");
  const directory = await mkdtemp(join(tmpdir(), "mooring-application-"));
  const log: string[] = [];
  const settings: ControllerSettings = {
    kubeconfigPath: access.kubeconfigPath,
    namespace: namespace.name,
    data: join(directory, "data"),
    identity: `test-${randomBytes(4).toString("hex")}`,
    write: (line) => void log.push(line),
  };
  let running: RunningController | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    access,
    namespace: namespace.name,
    directory,
    log,
    settings,
    start: async (more = {}) => {
      running ??= await startController({ ...settings, ...more });
    },
    stop,
    startProcess: () => startControllerProcess(settings),
    create: async (object) => {
      const kind = viewString(object, "kind") ?? "";
      const path = hubPaths[kind]?.(namespace.name);
      if (path === undefined) throw new Error(`a hub holds no ${kind}`);
      await callApi(access, { method: "POST", path: `${path}?fieldValidation=Strict`, body: object });
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await releaseApplications(access, namespace.name);
      await namespace[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Finalizers that no controller is left to heed would hold the namespace for ever. */
async function releaseApplications(access: ControlPlaneAccess, namespace: string): Promise<void> {
  const path = `${argoPath}/namespaces/${namespace}/applications`;
  const { items } = await callApi<{ items: KubeObject[] }>(access, { path });
  for (const { metadata } of items) {
    if ((metadata.finalizers ?? []).length === 0) continue;
    await callApi(access, {
      method: "PATCH",
      path: `${path}/${metadata.name ?? ""}`,
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    }).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    });
  }
}

/** Server-side apply: other test files install the same definitions. */
async function install(access: ControlPlaneAccess, definition: KubeObject): Promise<void> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name ?? ""}`;
  await callApi(access, {
    method: "PATCH",
    path: `${path}?fieldManager=crds-test&force=true`,
    contentType: "application/apply-patch+yaml",
    body: definition,
  });
  await eventually(async () => {
    const installed: JsonObject = await callApi(access, { path });
    const established = viewArray(installed["status"], "conditions").some(
      (condition) =>
        viewString(condition, "type") === "Established" && viewString(condition, "status") === "True",
    );
    if (!established) throw new Error(`${definition.metadata.name ?? ""} is not established yet`);
    const plural = viewString(definition, "spec", "names", "plural") ?? "";
    const group = viewString(definition, "spec", "group") ?? "";
    await callApi(access, { path: `/apis/${group}/v1alpha1/${plural}?limit=1` });
  });
}

/** A project that permits everything but what `spec` says; gives its name, which is random. */
export async function createProject(hub: TestHub, prefix: string, spec: JsonObject): Promise<string> {
  const name = `${prefix}-${randomBytes(3).toString("hex")}`;
  const permitted = { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] };
  await hub.create({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name },
    spec: { ...permitted, ...spec },
  });
  return name;
}

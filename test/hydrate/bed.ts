import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFailed, onTestFinished, vi } from "vitest";
import type { Application, HydratorStatus } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { createRepository } from "#test/git-servers/index.ts";
import type { TestHub } from "../admin/hub.ts";
import { namespace, startHub } from "../admin/hub.ts";
import type { RunningController } from "../application/controller.ts";
import { startController } from "../application/controller.ts";

export const configMap = (name: string, color = "blue") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;

type Operation = NonNullable<HydratorStatus["currentOperation"]>;

/** A hub that hydrates, a repository that is rendered, and a controller once it was started. */
export interface HydrationBed extends TestHub {
  readonly repository: TestRepository;
  readonly repositories: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Creates an Application that is hydrated from `apps/<name>` to `<name>` of branch `live`. */
  create(name: string, more?: Hydrated): Promise<void>;
  /** `hydrator.enabled`. */
  enable(value: "true" | "false"): Promise<void>;
  /** Changes fields of an object of the hub. */
  patch(kind: "Application" | "Secret" | "ConfigMap", name: string, patch: JsonObject): Promise<void>;
  /** What its status says of the hydration that is now, once this holds of it. */
  waitFor(name: string, assertion: (operation: Operation, app: Application) => void): Promise<Operation>;
  /** The hydration of a commit, ended well. */
  hydrated(name: string, drySha: string): Promise<Operation>;
  /** Of the hydration that failed. */
  failure(name: string, part: string): Promise<string>;
  refresh(...names: readonly string[]): Promise<void>;
}

const patchable = {
  Application: hubTypes.application,
  ConfigMap: hubTypes.configMap,
  Secret: hubTypes.secret,
} as const;

interface Hydrated {
  readonly repoURL?: string;
  readonly drySource?: JsonObject;
  readonly syncSource?: JsonObject;
  readonly hydrateTo?: JsonObject;
  readonly spec?: JsonObject;
}

function waiterOn(hub: TestHub): HydrationBed["waitFor"] {
  return async (name, assertion) =>
    await vi.waitFor(
      async () => {
        const app = (await hub.read("Application", name)) as Application;
        const operation = app.status?.sourceHydrator?.currentOperation;
        if (operation === undefined) throw new Error(`nothing is said of the hydration of ${name}`);
        assertion(operation, app);
        return operation;
      },
      { timeout: 20_000, interval: 100 },
    );
}

export async function startBed(): Promise<HydrationBed> {
  const hub = await startHub();
  const repositories = path.join(hub.directory, "git");
  await mkdir(repositories);
  const repository = await createRepository(path.join(repositories, "shop.git"));
  const log: string[] = [];
  onTestFailed(() => void process.stderr.write(`controller's log:\n${log.slice(-40).join("")}`));
  let running: RunningController | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  onTestFinished(stop);
  const patch: HydrationBed["patch"] = async (kind, name, change) => {
    const type = patchable[kind];
    const options = { fieldManager: "test", signal: hub.signal };
    await hub.cluster.mergePatch({ type, namespace, name }, change, options);
  };
  const enable: HydrationBed["enable"] = async (value) =>
    await patch("ConfigMap", "argocd-cmd-params-cm", { data: { "hydrator.enabled": value } });
  await enable("true");
  const waitFor = waiterOn(hub);
  return {
    ...hub,
    repository,
    repositories,
    start: async () => {
      running ??= await startController({
        kubeconfigPath: hub.kubeconfig,
        namespace,
        data: path.join(hub.directory, "data"),
        identity: "test",
        write: (line) => void log.push(line),
      });
    },
    stop,
    create: async (name, more = {}) => hub.apply(applicationOf(name, repository.url, more)),
    patch,
    enable,
    waitFor,
    hydrated: async (name, drySha) =>
      await waitFor(name, ({ phase, drySHA, message }) =>
        expect({ phase, drySHA, message }).toEqual({ phase: "Hydrated", drySHA: drySha, message: "" }),
      ),
    failure: async (name, part) =>
      (
        await waitFor(name, ({ phase, message }) => {
          expect(phase).toBe("Failed");
          expect(message).toContain(part);
        })
      ).message,
    refresh: async (...names) => {
      for (const name of names)
        await patch("Application", name, {
          metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } },
        });
    },
  };
}

/** A Secret with which rendered manifests are pushed. */
export function writeSecret(url: string, fields: Readonly<Record<string, string>> = {}): KubeObject {
  const labels = { "argocd.argoproj.io/secret-type": "repository-write" };
  const data = Object.entries({ url, ...fields }).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "write-shop", namespace, labels },
    data: Object.fromEntries(data) as Record<string, string>,
  };
}

function applicationOf(name: string, url: string, more: Hydrated): KubeObject {
  const { repoURL = url, drySource = {}, syncSource = {}, hydrateTo, spec = {} } = more;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace },
    spec: {
      project: "default",
      destination: { server: "https://kubernetes.default.svc", namespace: "default" },
      sourceHydrator: {
        drySource: { repoURL, targetRevision: "main", path: `apps/${name}`, ...drySource },
        syncSource: { targetBranch: "live", path: name, ...syncSource },
        ...(hydrateTo === undefined ? {} : { hydrateTo }),
      },
      ...spec,
    },
  };
}

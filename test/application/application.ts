import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import { expect } from "vitest";
import type { Application, ApplicationSpec, ApplicationStatus, Operation } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { ApiError, callApi, createNamespace, eventually } from "../control-plane/fixture.ts";
import { createRepository, type TestRepository } from "../git-servers/repository.ts";
import type { TestHub } from "./hub.ts";

/** Text as it stands, an object as YAML, several objects as one file of documents; null removes the file. */
type Content = string | JsonObject | readonly JsonObject[] | null;

/** What a test's Application is made of; the rest is taken from defaults. */
export interface ApplicationSettings {
  readonly files?: Readonly<Record<string, Content>>;
  readonly spec?: Partial<ApplicationSpec>;
  /** Merged over `{server: in-cluster, namespace: a new one}`. */
  readonly destination?: Readonly<Record<string, string>>;
  readonly source?: Readonly<Record<string, unknown>>;
  /** In place of the one source. */
  readonly sources?: (repository: TestRepository) => NonNullable<ApplicationSpec["sources"]>;
  readonly automated?: boolean | NonNullable<NonNullable<ApplicationSpec["syncPolicy"]>["automated"]>;
  readonly syncOptions?: readonly string[];
  readonly finalizers?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** Shares a namespace or a repository with another application. */
  readonly namespace?: string;
  readonly repository?: TestRepository;
}

/** One Application on a hub, with a repository and a destination namespace of its own. */
export interface TestApplication {
  readonly name: string;
  /** The destination namespace. */
  readonly namespace: string;
  readonly repository: TestRepository;
  /** Commits exactly these files; gives the commit's id. */
  commit(files: Readonly<Record<string, Content>>): Promise<string>;
  /** Commits and asks for a refresh. */
  push(files: Readonly<Record<string, Content>>): Promise<string>;
  refresh(kind?: "normal" | "hard"): Promise<void>;
  read(): Promise<Application>;
  status(): Promise<ApplicationStatus>;
  patch(patch: JsonObject): Promise<void>;
  /** Repeats an assertion about the Application until it holds. */
  waitFor(assertion: (app: Application) => unknown, timeoutMs?: number): Promise<Application>;
  /** Waits until it is Synced with what its branch has now, nothing runs, and its health is this. */
  synced(health?: string): Promise<Application>;
  /** Asks for a sync as a client does and waits until it has ended; gives its result as text, see `resultOf`. */
  sync(sync?: NonNullable<Operation["sync"]>, more?: Partial<Operation>): Promise<string>;
  /** The same without waiting. */
  startSync(sync?: NonNullable<Operation["sync"]>, more?: Partial<Operation>): Promise<void>;
  /** The last operation: its phase and message, then a line for each object, sorted. */
  lastResult(): Promise<string>;
  /** `Type: message` lines. */
  conditions(): Promise<readonly string[]>;
  /** `SyncStatus Health`. */
  state(): Promise<string>;
  /** An object in the destination namespace; undefined when there is none. */
  live(path: string): Promise<KubeObject | undefined>;
  /** Changes an object in the destination namespace as somebody else would. */
  patchLive(path: string, patch: JsonObject): Promise<void>;
  removeLive(path: string): Promise<void>;
  remove(): Promise<void>;
  /** The text with everything that differs from run to run replaced by placeholders. */
  plain(text: string): string;
}

export const inCluster = "https://kubernetes.default.svc";

export function formatFiles(
  files: Readonly<Record<string, Content>>,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, formatContent(content)]));
}

function formatContent(content: Content): string | null {
  if (content === null || typeof content === "string") return content;
  return [content]
    .flat()
    .map((one) => stringify(one, { lineWidth: 0, version: "1.1" }))
    .join("---\n");
}

/** `configmaps/a`, `apps/deployments/a` (version v1), or a full path that starts with `/`. */
function livePath(path: string, namespace: string): string {
  if (path.startsWith("/")) return path;
  const parts = path.split("/");
  const [group = "", plural = "", name = ""] = parts.length === 3 ? parts : ["", ...parts];
  const root = group === "" ? "/api/v1" : `/apis/${group}/v1`;
  return `${root}/namespaces/${namespace}/${plural}/${name}`;
}

async function readIfThere(hub: TestHub, path: string): Promise<KubeObject | undefined> {
  try {
    return await callApi<KubeObject>(hub.access, { path });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The Application's manifest as a user would write it. */
function manifestOf(
  name: string,
  namespace: string,
  { repository, settings }: { readonly repository: TestRepository; readonly settings: ApplicationSettings },
) {
  const automated = settings.automated === true ? {} : settings.automated;
  const { syncOptions, finalizers, annotations } = settings;
  const syncPolicy = {
    ...(automated === undefined || automated === false ? {} : { automated }),
    ...(syncOptions === undefined ? {} : { syncOptions }),
    ...settings.spec?.syncPolicy,
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      project: "default",
      ...(settings.sources === undefined
        ? { source: { repoURL: repository.url, path: ".", targetRevision: "main", ...settings.source } }
        : { sources: settings.sources(repository) }),
      destination: { server: inCluster, namespace, ...settings.destination },
      ...settings.spec,
      ...(Object.keys(syncPolicy).length === 0 ? {} : { syncPolicy }),
    },
  };
}

/** Creates an Application and what it needs. Names are random: applications of all tests share the cluster. */
export async function createApplication(
  hub: TestHub,
  prefix: string,
  settings: ApplicationSettings = {},
): Promise<TestApplication> {
  const name = `${prefix}-${randomBytes(3).toString("hex")}`;
  const namespace = settings.namespace ?? (await createNamespace(hub.access, prefix)).name;
  const repository = settings.repository ?? (await createRepository(join(hub.directory, `${name}.git`)));
  const app = controlApplication({ hub, name, namespace, repository });
  if (settings.files !== undefined) await app.commit(settings.files);
  await hub.create(manifestOf(name, namespace, { repository, settings }) as unknown as JsonObject);
  return app;
}

interface Identity {
  readonly hub: TestHub;
  readonly name: string;
  readonly namespace: string;
  readonly repository: TestRepository;
}

function controlApplication(identity: Identity): TestApplication {
  const { name, namespace, repository } = identity;
  const base = controlObject(identity);
  const commit: TestApplication["commit"] = (files) => repository.commit(formatFiles(files));
  const refresh: TestApplication["refresh"] = async (kind = "normal") => {
    await base.patch({ metadata: { annotations: { "argocd.argoproj.io/refresh": kind } } });
    await base.waitFor(({ metadata }) =>
      expect(metadata.annotations ?? {}).not.toHaveProperty(["argocd.argoproj.io/refresh"]),
    );
  };
  return {
    name,
    namespace,
    repository,
    ...base,
    ...controlSync(identity, base),
    ...controlLive(identity),
    commit,
    refresh,
    push: async (files) => {
      const id = await commit(files);
      await refresh();
      return id;
    },
    plain: (text) => plainText(text, identity),
  };
}

type ObjectControl = Pick<
  TestApplication,
  "read" | "status" | "patch" | "waitFor" | "remove" | "conditions" | "state"
>;

function controlObject(identity: Identity): ObjectControl {
  const { hub, name } = identity;
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/applications/${name}`;
  const read = () => callApi<KubeObject>(hub.access, { path }) as Promise<Application>;
  return {
    read,
    status: async () => (await read()).status ?? {},
    patch: async (body) => {
      await callApi(hub.access, { method: "PATCH", path, contentType: "application/merge-patch+json", body });
    },
    waitFor: async (assertion, timeoutMs = 20_000) =>
      eventually(
        async () => {
          const now = await read();
          await assertion(now);
          return now;
        },
        { timeoutMs },
      ),
    remove: async () => {
      await callApi(hub.access, { method: "DELETE", path });
    },
    conditions: async () =>
      ((await read()).status?.conditions ?? []).map(
        ({ type, message }) => `${type}: ${plainText(message, identity)}`,
      ),
    state: async () => {
      const { status } = await read();
      return `${status?.sync?.status ?? "-"} ${status?.health?.status ?? "-"}`;
    },
  };
}

type SyncControl = Pick<TestApplication, "startSync" | "sync" | "synced" | "lastResult">;

function controlSync(identity: Identity, { read, patch, waitFor }: ObjectControl): SyncControl {
  const startSync: TestApplication["startSync"] = async (sync = {}, more = {}) => {
    await patch({ operation: { sync, initiatedBy: { username: "ada" }, ...more } as unknown as JsonObject });
  };
  const lastResult = async () => plainText(resultOf(await read()), identity);
  return {
    startSync,
    lastResult,
    synced: async (health = "Healthy") => {
      const head = await identity.repository.git("rev-parse", "main");
      return waitFor(({ status, operation }) =>
        expect({
          sync: status?.sync?.status,
          revision: status?.sync?.revision,
          health: status?.health?.status,
          operation,
          running: status?.operationState !== undefined && status.operationState.finishedAt === undefined,
        }).toEqual({ sync: "Synced", revision: head, health, operation: undefined, running: false }),
      );
    },
    sync: async (sync = {}, more = {}) => {
      const mark = randomBytes(4).toString("hex");
      await startSync(sync, { info: [{ name: "test", value: mark }], ...more });
      await waitFor(({ status, operation }) => {
        expect(operation).toBeUndefined();
        expect(status?.operationState?.operation.info).toEqual([{ name: "test", value: mark }]);
        expect(status?.operationState?.finishedAt).toBeDefined();
      });
      return lastResult();
    },
  };
}

type LiveControl = Pick<TestApplication, "live" | "patchLive" | "removeLive">;

function controlLive({ hub, namespace }: Identity): LiveControl {
  return {
    live: (at) => readIfThere(hub, livePath(at, namespace)),
    patchLive: async (at, body) => {
      await callApi(hub.access, {
        method: "PATCH",
        path: `${livePath(at, namespace)}?fieldManager=somebody`,
        contentType: "application/merge-patch+json",
        body,
      });
    },
    removeLive: async (at) => {
      await callApi(hub.access, { method: "DELETE", path: livePath(at, namespace) });
    },
  };
}

/** `Succeeded: message`, then `Kind/name Status message` for each object; phases other than Sync stand before it. */
function resultOf(app: Application): string {
  const { operationState } = app.status ?? {};
  const lines = (operationState?.syncResult?.resources ?? []).map((line) => {
    const phase = line.syncPhase === "Sync" ? "" : `${line.syncPhase ?? ""} `;
    const hook = line.hookPhase === undefined ? "" : `, ${line.hookPhase}`;
    return `${phase}${line.kind}/${line.name} ${line.status ?? ""}: ${line.message ?? ""}${hook}`;
  });
  return [`${operationState?.phase ?? "-"}: ${operationState?.message ?? ""}`, ...lines.toSorted()].join(
    "\n",
  );
}

function plainText(text: string, { hub, name, namespace, repository }: Identity): string {
  return text
    .replaceAll(hub.namespace, "<hub>")
    .replaceAll(repository.url, "<repository>")
    .replaceAll(repository.directory, "<directory>")
    .replaceAll(name, "<app>")
    .replaceAll(namespace, "<namespace>")
    .replaceAll(/\b[0-9a-f]{40}\b/gu, "<commit>")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/gu, "<time>");
}

/** Waits until the Application is gone. */
export async function gone(app: Pick<TestApplication, "read">): Promise<void> {
  await eventually(
    async () => {
      const error = await app.read().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(ApiError);
    },
    { timeoutMs: 45_000 },
  );
}

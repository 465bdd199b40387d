import { mkdir } from "node:fs/promises";
import { waitForApi } from "./api-server.ts";
import { controlApiServer, type StopOptions } from "./api-server-control.ts";
import { auditMark, type AuditMark, type AuditPage, readAuditLog } from "./audit.ts";
import { resolveBinaries } from "./binaries.ts";
import { ComponentError, type Components, createComponents } from "./components.ts";
import { chooseDirectory } from "./directory.ts";
import { compactEtcd } from "./etcd.ts";
import { processSpecs } from "./flags.ts";
import type { ControlPlaneAccess } from "./kubeconfig.ts";
import { accessOf, createLayout, type Layout } from "./layout.ts";
import { createNamespace, type TestNamespace } from "./namespaces.ts";
import { createNodes, waitForWorkloads } from "./nodes.ts";
import { startProcesses } from "./processes.ts";
import type { Binaries, ProgramName, Progress } from "./programs.ts";
import type { ProcessSpec } from "./warden-protocol.ts";

const startAttempts = 3;
const startTimeoutMs = 90_000;

type Specs = Readonly<Record<ProgramName, ProcessSpec>>;

export interface ControlPlaneOptions {
  /** Nodes to create, 2 unless told. */
  readonly nodes?: number;
  /** etcd and kube-apiserver alone: nothing but requests changes anything. */
  readonly isAlone?: boolean;
  /** Where to make its directory: in memory, else in the temporary directory, unless told. */
  readonly parentDirectory?: string;
  /** More flags of kube-apiserver. */
  readonly apiServerFlags?: readonly string[];
  /** Told what takes long: builds and downloads. */
  readonly progress?: Progress;
  /** Told when, after the start, a program ends that was not stopped. */
  readonly onFailure?: (error: Error) => void;
  readonly signal?: AbortSignal;
}

/** A running control plane. Disposing ends its programs and removes its directory. */
export interface ControlPlane extends AsyncDisposable {
  readonly access: ControlPlaneAccess;
  readonly server: string;
  readonly token: string;
  readonly kubeconfigPath: string;
  /** The same cluster with a client certificate in place of the token. */
  readonly certificateKubeconfigPath: string;
  readonly auditLogPath: string;
  /** Holds the log of every program, `<name>.log`. */
  readonly directory: string;
  /** How long the start took, builds left out. */
  readonly startMs: number;
  /** Keeps the address and the data. */
  stopApiServer(options?: StopOptions): Promise<void>;
  startApiServer(): Promise<void>;
  restartApiServer(options?: StopOptions): Promise<void>;
  compactEtcd(): Promise<number>;
  auditMark(): Promise<AuditMark>;
  auditEntries(since?: AuditMark): Promise<AuditPage>;
  createNamespace(prefix?: string): Promise<TestNamespace>;
  /** Has one more file removed with the control plane, even when this process is killed. */
  ownFile(path: string): void;
}

/** Starts a control plane of its own and resolves when pods can run on it. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const progress = options.progress ?? ((line) => void process.stderr.write(`control plane: ${line}\n`));
  const { signal } = options;
  const binaries = await resolveBinaries({ progress, ...(signal === undefined ? {} : { signal }) });
  for (let attempt = 1; ; attempt++) {
    try {
      return await boot(binaries, options);
    } catch (error) {
      if (!(error instanceof ComponentError && error.portTaken) || attempt === startAttempts) throw error;
    }
  }
}

async function boot(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const startedAt = performance.now();
  await using stack = new AsyncDisposableStack();
  const directory = await chooseDirectory(options.parentDirectory);
  const processes = stack.use(startProcesses(directory));
  // Made only now that there is a warden to remove it.
  await mkdir(directory, { mode: 0o700 });
  const layout = await createLayout(directory);
  const specs = processSpecs(layout, binaries, options.apiServerFlags);
  const components = createComponents(processes, layout);
  stack.defer(() => components.expectAll());
  const starting = new AbortController();
  stack.defer(() => starting.abort());
  const signal = AbortSignal.any([
    starting.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const [apiServer] = await Promise.all([
    components.start(specs["kube-apiserver"]),
    components.start(specs.etcd),
  ]);
  const rest =
    options.isAlone === true
      ? waitForApi(layout, "/readyz", { timeoutMs: startTimeoutMs, signal })
      : startRest(components, specs, { nodes: options.nodes ?? 2, signal });
  await unlessFailing(rest, components);
  const onFailure = options.onFailure ?? (() => undefined);
  void components.failure.then(onFailure, onFailure);
  const owned = stack.move();
  return {
    ...describeLayout(layout),
    startMs: performance.now() - startedAt,
    ...controlApiServer({ components, spec: specs["kube-apiserver"], first: apiServer }),
    compactEtcd: () => compactEtcd(layout.etcdUrl),
    auditMark: () => auditMark(layout.auditLogPath),
    auditEntries: (since) => readAuditLog(layout.auditLogPath, since),
    createNamespace: (prefix) => createNamespace(layout, prefix),
    ownFile: (path) => processes.own(path),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function unlessFailing(work: Promise<void>, { failure }: Components): Promise<void> {
  const failed = failure.then((error) => {
    throw error;
  });
  await Promise.race([work, failed]);
}

// The others begin as soon as requests are answered, while the API server is still getting ready.
async function startRest(
  components: Components,
  specs: Specs,
  { nodes, signal }: { readonly nodes: number; readonly signal: AbortSignal },
): Promise<void> {
  const wait = { timeoutMs: startTimeoutMs, signal };
  const { layout } = components;
  await waitForApi(layout, "/version", wait);
  await Promise.all([
    components.start(specs["kube-scheduler"]),
    components.start(specs.kwok),
    createNodes(layout, nodes, wait),
    // Started before, it would look again only a second later.
    waitForApi(layout, "/healthz", wait).then(() => components.start(specs["kube-controller-manager"])),
    waitForApi(layout, "/readyz", wait),
  ]);
  await waitForWorkloads(layout, wait);
}

function describeLayout(layout: Layout) {
  const access = accessOf(layout);
  return {
    access,
    server: access.server,
    token: access.token,
    kubeconfigPath: access.kubeconfigPath,
    certificateKubeconfigPath: layout.file("client-certificate.kubeconfig"),
    auditLogPath: access.auditLogPath,
    directory: layout.directory,
  };
}

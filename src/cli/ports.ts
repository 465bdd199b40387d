import type { ApiClient, ApiConnection, ServerProbe } from "#api/contract/api-client.ts";
import type { ClusterConnection } from "#core/cluster/index.ts";
import type { AuditReader } from "#ports/audit-store.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { Forge, ForgeSettings } from "#ports/forge.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import type { Registry } from "#ports/registry.ts";
import type { Renderer } from "#ports/renderer.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { SsoClient } from "#ports/sso.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { SchemaDocuments } from "#ports/schema-documents.ts";
import type { WorkRepository } from "#ports/work-repository.ts";
import type { Clock } from "#runtime/clock.ts";
import type { LogLevel } from "#runtime/log.ts";

/** Where text goes: the terminal, a pipe, or a test's string. */
export interface Output {
  readonly isTTY: boolean;
  /** Size of the terminal; undefined where it is none. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): void;
}

export interface Input {
  readonly isTTY: boolean;
  /** Asks on the terminal and reads one line; with `hidden` what is typed is not shown. Rejects with AbortError on Ctrl-C. */
  readLine(question: string, options?: { readonly hidden?: boolean }): Promise<string>;
  /** Everything up to the end of standard input. */
  readAll(): Promise<string>;
  /** The same in pieces, for what may be too large for memory. */
  readChunks(): AsyncIterable<string>;
}

/** A file of its owner's alone that is there under its name once all of it is. */
export interface PrivateFile extends AsyncDisposable {
  write(text: string): Promise<void>;
  /** Puts it in the place of what has its name. Without it disposing leaves nothing behind. */
  commit(): Promise<void>;
}

interface ConnectOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** A kubeconfig's context and the cluster it leads to; nothing has been sent yet. */
export interface Connected {
  readonly cluster: Cluster;
  readonly connection: ClusterConnection;
  readonly context: string;
}

/** What every long-running command is told. */
interface ProcessSettings {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly logFormat?: "text" | "json" | undefined;
}

interface ControllerSettings extends ProcessSettings {
  readonly applicationNamespaces?: readonly string[] | undefined;
  readonly data?: string | undefined;
  readonly identity?: string | undefined;
  /** `host:port`. */
  readonly internalAddress?: string | undefined;
  /** `host:port`. */
  readonly healthAddress?: string | undefined;
  readonly statusProcessors?: number | undefined;
  readonly operationProcessors?: number | undefined;
  readonly revisionWritesPerSecond?: number | undefined;
}

export interface ServerSettings extends ProcessSettings {
  /** Directory of what is kept. */
  readonly data?: string | undefined;
  /** Of the server; 8080, or any free one where that is taken, unless told. */
  readonly port?: number | undefined;
  /** Where the server listens. */
  readonly address?: string | undefined;
  /** Serves without TLS. */
  readonly insecure?: boolean | undefined;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` the server believes. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Streams that one user may have open on the server; 200 unless told. */
  readonly maxStreamsPerUser?: number | undefined;
  /** The path that the server's addresses begin with; none unless told. */
  readonly rootPath?: string | undefined;
  /** The path that browsers find the UI below; as `rootPath` unless told. */
  readonly baseHref?: string | undefined;
  /** Globs of other namespaces whose Applications are looked at. */
  readonly applicationNamespaces?: readonly string[] | undefined;
}

export interface UpSettings extends ServerSettings {
  /** Of the embedded cluster's API server. */
  readonly clusterPort?: number | undefined;
  /** Embedded clusters beside the first. */
  readonly clusters?: number | undefined;
  readonly writeKubeconfig?: string | undefined;
}

/** A directory on this machine. */
export interface LocalDirectory {
  /** The Git work tree around it, or itself. */
  readonly root: string;
  readonly inGit: boolean;
  /** The files of the root. */
  readonly tree: SourceTree;
  /** Below the root, slash-separated; the root is the empty string. */
  readonly path: string;
}

/** The file that says who is logged in where. */
export interface LoginStore {
  /** Undefined when there is no such file. Throws CONFIG_INVALID. */
  read(path: string): Promise<string | undefined>;
  /** Writes what `decide` makes of the text, which nobody else changes meanwhile; only its owner may read the file. */
  change(path: string, decide: (text: string | undefined) => string): Promise<void>;
  /** Does a work while no other process does one on this file; the file itself may be read and changed meanwhile. */
  exclusively<Result>(path: string, work: () => Promise<Result>): Promise<Result>;
}

/** The world as the command line needs it; `main/cli.ts` is the real one. */
export interface CliPorts {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who runs the command, for `operation.initiatedBy`. */
  readonly userName: string;
  readonly clock: Clock;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Throws KUBE_CONFIG_INVALID. The caller disposes the cluster. */
  connect(options: ConnectOptions): Promise<Connected>;
  readonly logins: LoginStore;
  /** A server; nothing has been sent yet. The caller disposes it. Throws CONFIG_INVALID. */
  connectApi(connection: ApiConnection): Promise<ApiClient>;
  /** Looks at a server's certificate. Throws API_UNREACHABLE. */
  probeServer(connection: ApiConnection): Promise<ServerProbe>;
  startSso(): Promise<SsoClient>;
  /** Shows an address in the user's browser. Rejects where there is none. */
  openBrowser(url: string): Promise<void>;
  /** A cluster that a Secret on the hub describes. The caller disposes it. */
  openCluster(connection: ClusterConnection): Promise<Cluster>;
  startGit(): Promise<GitStore & GitWriter>;
  startRegistry(): Promise<Registry>;
  /** With `cache: false` nothing that was rendered before is used; with a seed, what charts generate at random follows from it. */
  startRenderer(options?: {
    readonly cache?: boolean;
    readonly seedSecret?: string | undefined;
  }): Promise<Renderer>;
  /** Makes the private keys of encrypted files usable. */
  startDataKeys(): Promise<OpenDataKeys>;
  /** What runs users' scripts; it needs no end. */
  startScripts(): Promise<Scripts>;
  /** Undefined when there is no such directory; with `root`, which then stands for the work tree, also when it is not below that. */
  findDirectory(path: string, root?: string): Promise<LocalDirectory | undefined>;
  /** The Git repository around a directory of this machine; undefined where there is none. Throws CONFIG_INVALID. */
  openWorkRepository(directory: string): Promise<WorkRepository | undefined>;
  /** A forge's API; nothing has been sent yet. Throws CONFIG_INVALID. */
  connectForge(settings: ForgeSettings): Promise<Forge>;
  /** What a Kubernetes API server says of its kinds, recorded. */
  openSchemas(): Promise<SchemaDocuments>;
  /** Throws TypeError for what is no text in UTF-8. */
  readFile(path: string): Promise<string>;
  /** The audit records in the directory of `mooring up --data`. The caller disposes the reader. Throws STORE_UNAVAILABLE and CONFIG_INVALID. */
  openAudit(directory: string): Promise<AuditReader>;
  /** A file in pieces, for what may be too large for memory. */
  readChunks(path: string): AsyncIterable<string>;
  /** Puts texts in the place of files', by their path, each whole or not at all; who may read a file stays. Throws CONFIG_INVALID. */
  replaceFiles(texts: ReadonlyMap<string, string>): Promise<void>;
  createPrivateFile(path: string): Promise<PrivateFile>;
  /** Equal values give equal hashes within this process only. */
  readonly hashSecret: (value: string) => string;
  runController(settings: ControllerSettings): Promise<number>;
  /** Runs the API server; the exit code. */
  runServer(settings: ServerSettings): Promise<number>;
  /** Runs the controller and, where no cluster is given, a cluster; the exit code. */
  runUp(settings: UpSettings): Promise<number>;
}

import type { ClusterConnection } from "#core/cluster/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";
import type { Renderer } from "#ports/renderer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
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
  readonly data?: string | undefined;
  readonly identity?: string | undefined;
  readonly statusProcessors?: number | undefined;
  readonly operationProcessors?: number | undefined;
  readonly revisionWritesPerSecond?: number | undefined;
}

export interface UpSettings extends ProcessSettings {
  /** Keeps the embedded cluster; without it everything is gone at the end. */
  readonly data?: string | undefined;
  readonly port?: number | undefined;
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
  /** A cluster that a Secret on the hub describes. The caller disposes it. */
  openCluster(connection: ClusterConnection): Promise<Cluster>;
  startGit(): Promise<GitStore>;
  startRegistry(): Promise<Registry>;
  /** With `cache: false` nothing that was rendered before is used. */
  startRenderer(options?: { readonly cache?: boolean }): Promise<Renderer>;
  /** Makes the private keys of encrypted files usable. */
  startDataKeys(): Promise<OpenDataKeys>;
  /** Undefined when there is no such directory. */
  findDirectory(path: string): Promise<LocalDirectory | undefined>;
  readFile(path: string): Promise<string>;
  /** Equal values give equal hashes within this process only. */
  readonly hashSecret: (value: string) => string;
  runController(settings: ControllerSettings): Promise<number>;
  /** Runs the controller and, where no cluster is given, a cluster; the exit code. */
  runUp(settings: UpSettings): Promise<number>;
}

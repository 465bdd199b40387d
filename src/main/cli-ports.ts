import { createReadStream } from "node:fs";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Writable } from "node:stream";
import type { CliPorts, Input } from "#cli/ports.ts";
import { systemClock } from "#runtime/clock.ts";
import { auditFile } from "./audit-file.ts";
import { createPrivateFile } from "./private-file.ts";
import { createLoginStore } from "./login-store.ts";
import { nativeEngineDirectory } from "./native-engines.ts";
import { openBrowser } from "./open-browser.ts";
import { outputOf } from "./output.ts";
import { present } from "./present.ts";
import { replaceFiles } from "./replace-files.ts";
import { registrySettings } from "./registry-settings.ts";

/** What is read may be written back: no byte is taken for another. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export interface CliPortsOptions {
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command line's ports on this machine. Adapters are loaded when a command first needs them: most need one of them or none. */
export function createCliPorts({ signal, env }: CliPortsOptions): CliPorts {
  const key = randomBytes(32);
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: inputOf(signal),
    env,
    userName: userNameOf(env),
    clock: systemClock,
    signal,
    connect: (options) => connect(options, env),
    openCluster: async (connection) => {
      const { startCluster } = await import("#kube/index.ts");
      return startCluster(connection, { keepFresh: false });
    },
    ...serverPortsOf(signal),
    ...sourcePortsOf({ signal, env }),
    connectForge: async (settings) => {
      const { connectForge } = await import("#forge/index.ts");
      return connectForge(settings, { clock: systemClock, signal });
    },
    openSchemas: async () => {
      const { openSchemaDocuments } = await import("#embedded/recorded/schema-documents.ts");
      return openSchemaDocuments();
    },
    readFile: async (file) => utf8.decode(await readFile(file)),
    openAudit: async (directory) => {
      const { openSqliteAuditReader } = await import("#store/index.ts");
      return openSqliteAuditReader(auditFile(directory));
    },
    readChunks: (file) => createReadStream(file, "utf8") as AsyncIterable<string>,
    replaceFiles,
    createPrivateFile,
    hashSecret: (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 8),
    runController: async (settings) => {
      const { runControllerProcess } = await import("./controller.ts");
      const { defaultInternalAddress } = await import("./internal-api.ts");
      const { defaultHealthAddress } = await import("./health-port.ts");
      const internalAddress = settings.internalAddress ?? defaultInternalAddress(env);
      const healthAddress = settings.healthAddress ?? defaultHealthAddress(env);
      return runControllerProcess(present({ ...settings, internalAddress, healthAddress }));
    },
    runServer: async (settings) => {
      const { runServerProcess } = await import("./server.ts");
      return runServerProcess(present(settings), { signal, env });
    },
    runUp: async (settings) => {
      const { runUp } = await import("./up.ts");
      return runUp(present(settings), { signal, env });
    },
  };
}

/** What a server is reached by. */
function serverPortsOf(
  signal: AbortSignal,
): Pick<CliPorts, "logins" | "connectApi" | "probeServer" | "startSso" | "openBrowser"> {
  return {
    logins: createLoginStore(signal),
    connectApi: async (connection) => {
      const { connectApi } = await import("#client/index.ts");
      return connectApi(connection);
    },
    probeServer: async (connection) => {
      const { probeServer } = await import("#client/index.ts");
      return probeServer(connection, signal);
    },
    startSso: async () => {
      const { createSsoClient } = await import("#client/index.ts");
      return createSsoClient(signal);
    },
    openBrowser,
  };
}

/** What sources come from and are rendered by. */
function sourcePortsOf({
  signal,
  env,
}: CliPortsOptions): Pick<
  CliPorts,
  | "startGit"
  | "startRegistry"
  | "startRenderer"
  | "startDataKeys"
  | "startScripts"
  | "findDirectory"
  | "openWorkRepository"
> {
  return {
    startGit: async () => {
      const { startGitStore } = await import("#git/index.ts");
      return startGitStore({ directory: path.join(cacheHome(env), "git"), clock: systemClock, signal });
    },
    startRegistry: async () => {
      const { startRegistry } = await import("#registry/index.ts");
      return startRegistry({
        directory: path.join(cacheHome(env), "registry"),
        clock: systemClock,
        ...(await registrySettings(env)),
        signal,
      });
    },
    startRenderer: async ({ cache = true, seedSecret } = {}) => {
      const { startRenderer } = await import("#render/index.ts");
      const cacheDirectory = path.join(cacheHome(env), rendersOf(seedSecret));
      const native = nativeEngineDirectory(env);
      return startRenderer({
        ...(cache ? { cacheDirectory } : {}),
        ...(seedSecret === undefined ? {} : { seedSecret }),
        nativeEngineDirectory: native,
        workers: 1,
        signal,
      });
    },
    findDirectory: async (directory, root) => {
      const { findDirectory } = await import("./find-directory.ts");
      return findDirectory(directory, root);
    },
    openWorkRepository: async (directory) => {
      const { openWorkRepository } = await import("#git/index.ts");
      return openWorkRepository(directory, signal);
    },
    startScripts: async () => {
      const { startScripts } = await import("#render/index.ts");
      return startScripts();
    },
    startDataKeys: async () => {
      const { createDataKeysOpener } = await import("#secrets/index.ts");
      return createDataKeysOpener();
    },
  };
}

/** Renders that differ by what was generated at random are kept apart. */
function rendersOf(seedSecret: string | undefined): string {
  if (seedSecret === undefined) return "renders";
  return `renders-${createHash("sha256").update(seedSecret).digest("hex").slice(0, 12)}`;
}

async function connect(
  { kubeconfig, context }: Parameters<CliPorts["connect"]>[0],
  env: CliPortsOptions["env"],
): ReturnType<CliPorts["connect"]> {
  const { readKubeconfig, inClusterConnection, startCluster } = await import("#kube/index.ts");
  const explicit = [kubeconfig, context, env["KUBECONFIG"]].some((one) => one !== undefined);
  const inPod = !explicit && env["KUBERNETES_SERVICE_HOST"] !== undefined;
  const found = inPod
    ? await inClusterConnection()
    : await readKubeconfig({
        env,
        ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
        ...(context === undefined ? {} : { context }),
      });
  const cluster = startCluster(found.connection, { keepFresh: false });
  return { cluster, connection: found.connection, context: found.context };
}

function inputOf(signal: AbortSignal): Input {
  return {
    get isTTY() {
      return process.stdin.isTTY === true;
    },
    readLine: async (question, { hidden = false } = {}) => {
      if (hidden) process.stderr.write(question);
      // Nothing of what readline echoes gets out while a password is typed.
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
      const output = hidden ? silent : process.stderr;
      const reader = createInterface({
        input: process.stdin,
        output,
        terminal: process.stdin.isTTY === true,
      });
      reader.once("SIGINT", () => process.emit("SIGINT"));
      try {
        // At a terminal it clears the line that it asks in, so it has to be told what stands there.
        return await reader.question(hidden ? "" : question, { signal });
      } finally {
        reader.close();
        if (hidden) process.stderr.write("\n");
      }
    },
    readAll: async () => await text(process.stdin),
    readChunks: () => process.stdin.setEncoding("utf8") as AsyncIterable<string>,
  };
}

function userNameOf(env: CliPortsOptions["env"]): string {
  const named = env["USER"] ?? env["LOGNAME"];
  // A process may run under an id that has no name.
  return named === undefined || named === "" ? `uid-${process.getuid?.() ?? "unknown"}` : named;
}

/** Mirrors and renders of commands: a cache, apart from a controller's on the same machine. */
function cacheHome(env: CliPortsOptions["env"]): string {
  const home = env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return path.join(home, "mooring", "cli");
}

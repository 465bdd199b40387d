import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Writable } from "node:stream";
import type { CliPorts, Input, Output } from "#cli/ports.ts";
import { systemClock } from "#runtime/clock.ts";
import { nativeEngineDirectory } from "./native-engines.ts";
import { present } from "./present.ts";
import { registrySettings } from "./registry-settings.ts";

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
    ...sourcePortsOf({ signal, env }),
    readFile: async (file) => await readFile(file, "utf8"),
    hashSecret: (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 8),
    runController: async (settings) => {
      const { runControllerProcess } = await import("./controller.ts");
      return runControllerProcess(present(settings));
    },
    runUp: async (settings) => {
      const { runUp } = await import("./up.ts");
      return runUp(present(settings), { signal, env });
    },
  };
}

/** What sources come from and are rendered by. */
function sourcePortsOf({
  signal,
  env,
}: CliPortsOptions): Pick<
  CliPorts,
  "startGit" | "startRegistry" | "startRenderer" | "startDataKeys" | "findDirectory"
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
    startRenderer: async ({ cache = true } = {}) => {
      const { startRenderer } = await import("#render/index.ts");
      const cacheDirectory = path.join(cacheHome(env), "renders");
      const native = nativeEngineDirectory(env);
      return startRenderer({
        ...(cache ? { cacheDirectory } : {}),
        nativeEngineDirectory: native,
        workers: 1,
        signal,
      });
    },
    findDirectory: async (directory) => {
      const { findDirectory } = await import("./find-directory.ts");
      return findDirectory(directory);
    },
    startDataKeys: async () => {
      const { createDataKeysOpener } = await import("#secrets/index.ts");
      return createDataKeysOpener();
    },
  };
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

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write: (chunk) => void stream.write(chunk),
  };
}

function inputOf(signal: AbortSignal): Input {
  return {
    get isTTY() {
      return process.stdin.isTTY === true;
    },
    readLine: async (question, { hidden = false } = {}) => {
      process.stderr.write(question);
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
        return await reader.question("", { signal });
      } finally {
        reader.close();
        if (hidden) process.stderr.write("\n");
      }
    },
    readAll: async () => await text(process.stdin),
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

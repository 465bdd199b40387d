import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { cyan, print } from "./print.ts";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const program = path.join(projectRoot, "bin", "mooring");

/** What went wrong, in words for whoever runs the demo. */
export class DemoFailure extends Error {
  override readonly name = "DemoFailure";
}

export interface Shell {
  /** Runs a mooring command before the user's eyes. Throws DemoFailure unless it exits with one of `exits`, 0 unless told. */
  mooring(args: readonly string[], exits?: readonly number[]): Promise<void>;
  /** What a mooring command prints, behind the user's back. Throws DemoFailure unless it exits with 0. */
  output(args: readonly string[]): Promise<string>;
}

/**
 * What a command of the demo sees: its own cluster, and none of the servers that the user is logged in to elsewhere. `directory` stands for
 * where logins are kept.
 */
export function demoEnvironment(kubeconfigPath: string, directory: string): NodeJS.ProcessEnv {
  const { ARGOCD_SERVER: _server, ARGOCD_AUTH_TOKEN: _token, ARGOCD_OPTS: _opts, ...env } = process.env;
  return { ...env, KUBECONFIG: kubeconfigPath, ARGOCD_CONFIG_DIR: path.join(directory, "logins") };
}

/** A shell whose commands talk to one cluster, or to what the environment names. */
export function createShell(env: NodeJS.ProcessEnv, signal: AbortSignal): Shell {
  return {
    mooring: async (args, exits = [0]) => {
      print(cyan(`\n$ bin/mooring ${args.join(" ")}`));
      const child = spawn(program, args, {
        cwd: projectRoot,
        env,
        stdio: ["ignore", "inherit", "inherit"],
      });
      const stop = () => void child.kill("SIGTERM");
      signal.addEventListener("abort", stop, { once: true });
      const [code] = (await once(child, "exit")) as [number | null];
      signal.removeEventListener("abort", stop);
      signal.throwIfAborted();
      if (code === null || !exits.includes(code)) throw failed(args, code);
    },
    output: async (args) => {
      const child = spawn(program, args, {
        cwd: projectRoot,
        env,
        stdio: ["ignore", "pipe", "ignore"],
        signal,
      });
      const [[code], said] = await Promise.all([
        once(child, "exit") as Promise<[number | null]>,
        text(child.stdout),
      ]);
      if (code !== 0) throw failed(args, code);
      return said;
    },
  };
}

/** A line of shell that runs a mooring command as the demo does, and lets nobody wait for it. */
export function inBackground({ env }: { readonly env: NodeJS.ProcessEnv }, command: string): string {
  const names = ["KUBECONFIG", "ARGOCD_CONFIG_DIR"] as const;
  const given = names.map((name) => `${name}='${env[name] ?? ""}'`).join(" ");
  return `${given} '${program}' ${command} >/dev/null 2>&1 &`;
}

function failed(args: readonly string[], code: number | null): DemoFailure {
  return new DemoFailure(`mooring ${args.join(" ")}: exited with ${code ?? "a signal"}`);
}

export interface MooringSettings {
  readonly kubeconfigPath: string;
  /** Mirrors, renders and histories. */
  readonly data: string;
  readonly logPath: string;
  /** Told when it ends before it was asked to. */
  readonly onFailure: (error: Error) => void;
  readonly signal: AbortSignal;
}

export interface RunningMooring extends AsyncDisposable {
  /** Where the server's UI is, such as `http://127.0.0.1:8080`. */
  readonly url: string;
}

/** Starts controller and server as one process, and waits until it is ready; disposing ends it. Throws DemoFailure when it ends before. */
export async function startMooring(settings: MooringSettings): Promise<RunningMooring> {
  const { kubeconfigPath, data, logPath, onFailure, signal } = settings;
  const log = createWriteStream(logPath);
  // Plain HTTP, which nobody but this machine can hear: a browser would warn of a certificate that nobody vouches for.
  const child = spawn(program, ["up", "--kubeconfig", kubeconfigPath, "--insecure", "--data", data], {
    cwd: projectRoot,
    env: { ...process.env, KUBECONFIG: kubeconfigPath },
    stdio: ["ignore", "ignore", "pipe"],
    // Ctrl-C reaches the whole group of a terminal; it is to end after what still needs it.
    detached: true,
  });
  const ready = Promise.withResolvers<string>();
  let url = "";
  let ending = false;
  createInterface(child.stderr).on("line", (line) => {
    log.write(`${line}\n`);
    url = /^The server listens on (http:\S+)\.$/u.exec(line)?.[1] ?? url;
    if (line.startsWith("Mooring is ready")) ready.resolve(url);
  });
  const exited = once(child, "exit").then(() => {
    const failure = new DemoFailure(`mooring up ended; its log is ${logPath}`);
    ready.reject(failure);
    if (!ending) onFailure(failure);
  });
  const end = async () => {
    ending = true;
    child.kill("SIGTERM");
    await exited;
  };
  const stop = () => ready.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return { url: await ready.promise, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The password that was made for `admin`; undefined where somebody has set another. */
export async function initialPassword(kubeconfigPath: string): Promise<string | undefined> {
  const env = { ...process.env, KUBECONFIG: kubeconfigPath };
  const child = spawn(program, ["admin", "initial-password"], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [[code], said] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
  ]);
  return code === 0 ? said.split("\n", 1)[0] : undefined;
}

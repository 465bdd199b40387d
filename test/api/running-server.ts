import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../bin/mooring");

/** A cluster that is there already, and the namespace in it that is the control plane's. */
export interface GivenCluster {
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** `mooring up`, on an embedded cluster unless told, with a server that speaks without TLS. */
export interface RunningServer extends AsyncDisposable {
  /** `127.0.0.1:34567`. */
  readonly address: string;
  readonly directory: string;
  readonly kubeconfig: string;
  readonly pid: number;
  /** Of the account `admin`, as the server made it. */
  readonly password: string;
  /** Ends it as a failing machine would, at once. */
  kill(): Promise<void>;
}

/** Starts it and waits until it is ready. Everything is gone when it is disposed of. */
export async function startServer(
  args: readonly string[] = [],
  given?: GivenCluster,
): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-server-test-"));
  const kubeconfig = given?.kubeconfig ?? join(directory, "kubeconfig");
  const place = given === undefined ? [] : ["--control-plane-namespace", given.namespace];
  const { KUBECONFIG: _own, ...env } = process.env;
  const file = given === undefined ? "--write-kubeconfig" : "--kubeconfig";
  const child = spawn(program, ["up", "--insecure", "--port", "0", file, kubeconfig, ...place, ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const ready = Promise.withResolvers<string>();
  let address = "";
  createInterface(child.stderr).on("line", (line) => {
    said.push(line);
    address = /^The server listens on http:\/\/(\S+)\.$/u.exec(line)?.[1] ?? address;
    if (line.startsWith("Mooring is ready")) ready.resolve(address);
  });
  child.once("exit", (code) => ready.reject(new Error(`mooring up ended with ${code}: ${said.join("\n")}`)));
  const stop = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  const kill = () => stop("SIGKILL");
  const end = async (): Promise<void> => {
    await stop("SIGTERM");
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await ready.promise;
    const admin = ["--kubeconfig", kubeconfig, ...place, "admin"];
    const { stdout } = await run(program, [...admin, "initial-password"]);
    const password = stdout.split("\n", 1)[0] ?? "";
    const pid = child.pid ?? 0;
    return { address, directory, kubeconfig, pid, password, kill, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

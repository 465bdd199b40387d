import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import type { RunningServer } from "./running-server.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../bin/mooring");

/** A process of the control plane. */
interface Role {
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Ends it as an update does, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** An embedded cluster in this process, and controllers and a server as processes of their own. */
export interface RunningApart extends Omit<RunningServer, "pid" | "kill"> {
  /** Starts a controller and resolves when it runs, which does not mean that it leads. */
  startController(identity: string): Promise<Role>;
  /** Resolves when the server answers again at its address. */
  restartServer(): Promise<void>;
  killServer(): Promise<void>;
  /** What all processes have logged. */
  readonly log: readonly string[];
}

/** Starts the cluster and a server, but no controller. Everything is gone when it is disposed of. */
export async function startApart(): Promise<RunningApart> {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "mooring-apart-test-"));
  setup.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const stop = new AbortController();
  const embedded = setup.use(
    await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal: stop.signal }),
  );
  const kubeconfig = join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfig }, { namespace: "argocd", signal: stop.signal });
  const log: string[] = [];
  const start = async (owner: AsyncDisposableStack, args: readonly string[], until: RegExp) => {
    const role = await startRole([...args, "--kubeconfig", kubeconfig], { until, log });
    owner.defer(() => role.kill());
    return role;
  };
  const serve = (owner: AsyncDisposableStack, port: string) =>
    start(
      owner,
      ["server", "--insecure", "--address", "127.0.0.1", "--port", port, "--data", join(directory, "server")],
      /^The server listens on /u,
    );
  let server = await serve(setup, "0");
  const address = /http:\/\/(\S+)\.$/u.exec(server.said)?.[1] ?? "";
  const { stdout } = await run(program, ["--kubeconfig", kubeconfig, "admin", "initial-password"]);
  const owned = setup.move();
  return {
    address,
    directory,
    kubeconfig,
    password: stdout.split("\n", 1)[0] ?? "",
    log,
    startController: (identity) =>
      start(
        owned,
        ["controller", "--data", join(directory, identity), "--identity", identity],
        / starting /u,
      ),
    killServer: () => server.kill(),
    restartServer: async () => {
      await server.kill();
      server = await serve(owned, address.split(":")[1] ?? "");
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface RoleOptions {
  /** The line by which it says that it runs. */
  readonly until: RegExp;
  readonly log: string[];
}

export async function startRole(
  args: readonly string[],
  { until, log }: RoleOptions,
): Promise<Role & { readonly said: string }> {
  const { KUBECONFIG: _own, ...env } = process.env;
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const ready = Promise.withResolvers<string>();
  createInterface(child.stderr).on("line", (line) => {
    log.push(line);
    if (until.test(line)) ready.resolve(line);
  });
  const ended = once(child, "exit").then(([code]) => {
    ready.reject(new Error(`mooring ${args[0] ?? ""} ended with ${String(code)}: ${log.join("\n")}`));
  });
  const said = await ready.promise;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    said,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

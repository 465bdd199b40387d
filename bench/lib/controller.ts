import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface ControllerSettings {
  readonly kubeconfigPath: string;
  readonly namespace: string;
  readonly data: string;
}

/** What a controller process has used so far. */
export interface Usage {
  /** User and system, of all its threads. */
  readonly cpuSeconds: number;
  /** Of these, those of the main thread. */
  readonly mainCpuSeconds: number;
  readonly rssMiB: number;
  /** After a garbage collection. */
  readonly heapMiB: number;
  readonly externalMiB: number;
  /** Renders that ran; those taken from the cache are not counted. */
  readonly renders: number;
}

export interface Controller extends AsyncDisposable {
  /** `performance.now()` of when it had read its hub and began to work. */
  readonly readyAt: number;
  usage(): Promise<Usage>;
  /** Applications that were found to stand at a new commit so far, without a write: their statuses follow. */
  standing(): Promise<number>;
}

const program = fileURLToPath(new URL("../controller-process.ts", import.meta.url));

/**
 * Starts the controller as a process of its own and resolves when it begins to work. BENCH_PROFILE=DIR writes a CPU profile there,
 * BENCH_LOG=FILE keeps its log.
 */
export async function startController(settings: ControllerSettings): Promise<Controller> {
  const profile = process.env["BENCH_PROFILE"];
  const flags = profile === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profile];
  const logPath = process.env["BENCH_LOG"] ?? `${settings.kubeconfigPath}.log`;
  const log = openSync(logPath, "w");
  const child = spawn(
    process.execPath,
    ["--expose-gc", ...flags, program, settings.kubeconfigPath, settings.namespace, settings.data],
    { stdio: ["ignore", "inherit", log, "ipc"] },
  );
  closeSync(log);
  const exited = once(child, "exit");
  const ready = await Promise.race([once(child, "message"), exited.then(() => undefined)]);
  if (ready === undefined) throw new Error("the controller ended before it was ready; see BENCH_LOG=FILE");
  const readyAt = performance.now();
  const ask = async <T>(what: string): Promise<T> => {
    const answer = once(child, "message");
    child.send(what);
    const [value] = (await answer) as [T];
    return value;
  };
  return {
    readyAt,
    usage: () => ask<Usage>("usage"),
    standing: () => ask<number>("standing"),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

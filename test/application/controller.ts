import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runController } from "#main/controller.ts";
import type { Clock } from "#runtime/clock.ts";

export interface ControllerSettings {
  readonly kubeconfigPath: string;
  readonly namespace: string;
  /** Directory of mirrors and renders. */
  readonly data: string;
  readonly identity: string;
  /** For a controller in this process; the system's unless told. */
  readonly clock?: Clock;
  /** For a controller in this process. */
  readonly revisionWritesPerSecond?: number;
  /** For a controller in this process. */
  readonly applicationNamespaces?: readonly string[];
  /** Gets every line of the log. */
  readonly write: (line: string) => void;
}

export interface RunningController {
  /** Ends it as SIGTERM does and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a controller in this process and resolves when it has read its hub. */
export async function startController(settings: ControllerSettings): Promise<RunningController> {
  const abort = new AbortController();
  const ready = Promise.withResolvers<void>();
  const ended = runController({
    kubeconfig: settings.kubeconfigPath,
    namespace: settings.namespace,
    data: settings.data,
    identity: settings.identity,
    logLevel: "debug",
    write: settings.write,
    ...(settings.clock === undefined ? {} : { clock: settings.clock }),
    ...(settings.revisionWritesPerSecond === undefined
      ? {}
      : { revisionWritesPerSecond: settings.revisionWritesPerSecond }),
    ...(settings.applicationNamespaces === undefined
      ? {}
      : { applicationNamespaces: settings.applicationNamespaces }),
    onReady: ready.resolve,
    signal: abort.signal,
  });
  await Promise.race([ready.promise, ended]);
  return {
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}

export interface ControllerProcess {
  /** Rejects when the process ends before. */
  readonly ready: Promise<void>;
  /** SIGKILL; resolves when it is dead. */
  kill(): Promise<void>;
}

/** Starts a controller in a process of its own. */
export function startControllerProcess(settings: ControllerSettings): ControllerProcess {
  const program = fileURLToPath(new URL("./controller-process.ts", import.meta.url));
  const { kubeconfigPath, namespace, data, identity } = settings;
  const child = spawn(process.execPath, [program, kubeconfigPath, namespace, data, identity], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  createInterface(child.stderr).on("line", (line) => settings.write(`${line}\n`));
  const exited = once(child, "exit");
  return {
    ready: Promise.race([once(child.stdout, "data"), exited]).then(() => {
      if (child.exitCode !== null)
        throw new Error(`controller: ended with ${child.exitCode} before it was ready`);
    }),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

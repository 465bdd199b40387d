import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cyan, print } from "./print.ts";

export const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const program = path.join(projectRoot, "bin", "mooring");

/** What went wrong, in words for whoever runs the demo. */
export class DemoFailure extends Error {
  override readonly name = "DemoFailure";
}

export interface Shell {
  /** Runs a mooring command before the user's eyes. Throws DemoFailure unless it exits with one of `exits`, 0 unless told. */
  mooring(args: readonly string[], exits?: readonly number[]): Promise<void>;
}

/** A shell whose commands talk to one cluster. */
export function createShell(kubeconfigPath: string, signal: AbortSignal): Shell {
  return {
    mooring: async (args, exits = [0]) => {
      print(cyan(`\n$ bin/mooring ${args.join(" ")}`));
      const child = spawn(program, args, {
        cwd: projectRoot,
        env: { ...process.env, KUBECONFIG: kubeconfigPath },
        stdio: ["ignore", "inherit", "inherit"],
      });
      const stop = () => void child.kill("SIGTERM");
      signal.addEventListener("abort", stop, { once: true });
      const [code] = (await once(child, "exit")) as [number | null];
      signal.removeEventListener("abort", stop);
      signal.throwIfAborted();
      if (code === null || !exits.includes(code)) {
        throw new DemoFailure(`mooring ${args.join(" ")}: exited with ${code ?? "a signal"}`);
      }
    },
  };
}

export interface ControllerSettings {
  readonly kubeconfigPath: string;
  /** Mirrors and renders. */
  readonly data: string;
  readonly logPath: string;
  /** Told when it ends before it was asked to. */
  readonly onFailure: (error: Error) => void;
}

/** Starts the controller as a process of its own; disposing ends it. */
export function startController(settings: ControllerSettings): AsyncDisposable {
  const log = createWriteStream(settings.logPath);
  const child = spawn(program, ["controller", "--data", settings.data], {
    cwd: projectRoot,
    env: { ...process.env, KUBECONFIG: settings.kubeconfigPath },
    stdio: ["ignore", "ignore", "pipe"],
    // Ctrl-C reaches the whole group of a terminal; the controller is to end after what still needs it.
    detached: true,
  });
  child.stderr.pipe(log);
  let ending = false;
  const exited = once(child, "exit").then(() => {
    if (!ending) settings.onFailure(new DemoFailure(`the controller ended; its log is ${settings.logPath}`));
  });
  return {
    [Symbol.asyncDispose]: async () => {
      ending = true;
      child.kill("SIGTERM");
      await exited;
    },
  };
}

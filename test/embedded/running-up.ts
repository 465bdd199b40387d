import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const program = join(import.meta.dirname, "../../bin/mooring");

export interface RunningUp {
  /** The lines that it wrote until it was ready. */
  readonly said: readonly string[];
  readonly kill: () => Promise<void>;
}

/** `mooring up` until it says that it is ready, with these variables besides those of this process; it ends with the test. */
export async function startUp(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<RunningUp> {
  const { KUBECONFIG: _own, ...env } = process.env;
  const child = spawn(program, ["up", ...args], {
    env: { ...env, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said: string[] = [];
  const ready = Promise.withResolvers<undefined>();
  createInterface(child.stderr).on("line", (line) => {
    said.push(line);
    if (line.startsWith("Mooring is ready")) ready.resolve(undefined);
  });
  child.once("exit", (code) => ready.reject(new Error(`mooring up ended with ${code}: ${said.join("\n")}`)));
  await ready.promise;
  return {
    said: [...said],
    kill: async () => {
      child.removeAllListeners("exit");
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

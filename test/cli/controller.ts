import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { controlPlane } from "#test/control-plane/fixture.ts";
import type { TestCli } from "./run.ts";

/** `mooring controller` as a process of its own, ended with the test. */
export function startController(cli: TestCli): void {
  const child = spawn(
    process.execPath,
    [
      "src/main/cli.ts",
      "controller",
      "--kubeconfig",
      controlPlane().kubeconfigPath,
      "-n",
      cli.namespace,
      "--data",
      join(cli.directory, "data"),
      "--loglevel",
      "error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  });
}

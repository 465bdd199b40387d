import { execFileSync } from "node:child_process";
import { join } from "node:path";

export const goModule = join(import.meta.dirname, "..");

/** What the machine's Go configuration could change in the result. */
const fixedEnvironment = { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOWASM: "", GOEXPERIMENT: "" };

/** Runs go in the engine's module and gives what it printed. Throws when it fails; its messages go to stderr. */
export function runGo(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("go", args, {
    cwd: goModule,
    encoding: "utf8",
    env: { ...process.env, ...fixedEnvironment, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

export function moduleVersion(modulePath: string): string {
  return runGo(["list", "-m", "-f", "{{.Version}}", modulePath]).trim();
}

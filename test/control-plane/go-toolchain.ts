import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Program } from "./programs.ts";
import { buildEnvironment } from "./programs.ts";

const otherwise = "or set KUBEBUILDER_ASSETS to a directory that holds etcd and kube-apiserver";

/** Throws, saying what to install, unless a Go that can build the program is on the PATH. */
export async function requireGo(program: Program): Promise<void> {
  const wanted = wantedGo(program);
  const advice = `install Go ${wanted} or newer from https://go.dev/dl${program.inEnvtest ? `, ${otherwise}` : ""}`;
  const running = await goVersion(program).catch((cause: unknown) => {
    const problem = isMissing(cause) ? "Go is not installed" : "Go cannot run here";
    throw new Error(`${program.name}: not in the cache and ${problem}; ${advice}`, { cause });
  });
  if (isOlder(running, wanted)) {
    throw new Error(`${program.name}: Go ${running} is too old to build it; ${advice}`);
  }
}

/** Whether one Go version, such as `1.25.3`, comes before another. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

// Asked inside the module, where Go may switch to a newer toolchain of its own.
async function goVersion(program: Program): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], {
    cwd: program.module,
    env: { ...process.env, ...buildEnvironment(program) },
  });
  return stdout.trim().replace(/^go/, "");
}

function wantedGo(program: Program): string {
  const path = join(program.module, "go.mod");
  const version = /^go (\S+)$/m.exec(readFileSync(path, "utf8"))?.[1];
  if (version === undefined) throw new Error(`${path}: has no go line; run go mod tidy`);
  return version;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

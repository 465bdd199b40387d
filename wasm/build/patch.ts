import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { goModule } from "./go.ts";

const patches = join(goModule, "patches");
/** `go.mod` replaces the patched modules by the directories below this one. */
const patched = join(goModule, ".patched");

/**
 * Copies the modules that `wasm/patches/<name>.patch` changes to `wasm/.patched/<name>` and applies the patch there. Throws when a patch no
 * longer fits: then the library has changed in that place and must be read again.
 */
export function patchLibraries(): void {
  for (const file of readdirSync(patches)) {
    if (file.endsWith(".patch")) patchLibrary(join(patches, file));
  }
}

function patchLibrary(patch: string): void {
  const text = readFileSync(patch, "utf8");
  const target = join(patched, basename(patch, ".patch"));
  const stamp = join(target, ".patch-sha256");
  const digest = createHash("sha256").update(text).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;

  const [, module, sum] = text.match(/^module (\S+@\S+) (h1:\S+)$/m) ?? [];
  if (module === undefined || sum === undefined) {
    throw new Error(`${patch}: the first line must be: module <path>@<version> <sum as in go.sum>`);
  }
  rmSync(target, { recursive: true, force: true });
  copyModule(module, sum, target);
  execFileSync("git", ["apply", patch], {
    cwd: target,
    // Without a repository around it, git reads the paths of the patch as they are.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: patched },
    stdio: "inherit",
  });
  writeFileSync(stamp, digest);
}

/** Without its tests, which need other modules, and their data. */
function copyModule(module: string, sum: string, target: string): void {
  // Outside of the engine's module, which cannot be read before its replacements are there.
  const printed = execFileSync("go", ["mod", "download", "-json", module], {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { ...process.env, GOFLAGS: "", GOWORK: "off" },
  });
  const found: unknown = JSON.parse(printed);
  if (typeof found !== "object" || found === null || !("Dir" in found) || !("Sum" in found)) {
    throw new Error(`${module}: go mod download says ${printed}`);
  }
  if (found.Sum !== sum) throw new Error(`${module}: its sum is ${String(found.Sum)}, not ${sum}`);
  mkdirSync(target, { recursive: true });
  cpSync(String(found.Dir), target, {
    recursive: true,
    filter: (path) => !/(_test\.go|\/testdata)$/.test(path),
  });
  execFileSync("chmod", ["-R", "u+w", target]);
}

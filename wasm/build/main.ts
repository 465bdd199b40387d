/**
 * Builds the render engine: `main.ts wasm` writes the artifacts, or those that are named behind it, `check` builds them anew and compares,
 * `native` builds the program that speaks the same messages, `test` runs the Go tests. All of them apply the patches of the libraries first.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nativeEngineDirectory } from "#main/native-engines.ts";
import { compileLibrary, compileProgram, libraryVersions } from "./compile.ts";
import { goModule, runGo } from "./go.ts";
import type { ArtifactName, Manifest } from "./manifest.ts";
import {
  artifactDirectory,
  artifactNames,
  digest,
  readManifest,
  writeArtifact,
  writeManifest,
} from "./manifest.ts";
import { writeNotice } from "./notice.ts";
import { patchLibraries } from "./patch.ts";

const packages: Readonly<Record<ArtifactName, string>> = {
  render: "./cmd/library",
  jsonnet: "./cmd/jsonnet-library",
  scripts: "./cmd/scripts-library",
};

function compiled(name: ArtifactName, scratch: string): Uint8Array {
  const output = join(scratch, `${name}.wasm`);
  compileLibrary({ package: packages[name], output });
  return readFileSync(output);
}

/** An artifact that is not named stays as it is: each new one adds megabytes to the history. */
function writeAll(scratch: string, names: readonly string[]): void {
  mkdirSync(artifactDirectory, { recursive: true });
  const asked = chosen(names);
  const written = (name: ArtifactName) =>
    asked.includes(name) ? writeArtifact(name, compiled(name, scratch)) : readManifest()[name];
  const manifest: Manifest = {
    render: written("render"),
    jsonnet: written("jsonnet"),
    scripts: written("scripts"),
    versions: libraryVersions(),
  };
  writeManifest(manifest);
  writeNotice();
  print(JSON.stringify(manifest, undefined, 2));
}

function chosen(names: readonly string[]): readonly ArtifactName[] {
  const unknown = names.filter((name) => !artifactNames.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`${unknown.join(", ")}: artifacts are ${artifactNames.join(", ")}`);
  return names.length === 0 ? artifactNames : artifactNames.filter((name) => names.includes(name));
}

function checkAll(scratch: string, names: readonly string[]): void {
  checkApiVersions();
  const manifest = readManifest();
  const { go } = libraryVersions();
  if (go !== manifest.versions.go) {
    print(`not compared: the artifacts were built by ${manifest.versions.go}, and this is ${go}`);
    return;
  }
  for (const name of chosen(names)) {
    const built = digest(compiled(name, scratch));
    if (built === manifest[name].sha256) {
      print(`${name}: ${built}, as committed`);
      continue;
    }
    throw new Error(
      `${name}: this source builds ${built}, but ${manifest[name].sha256} is committed (${manifest.versions.go}); run make wasm`,
    );
  }
}

/** The stand-in of client-go must list what the real one registers, in its order. */
function checkApiVersions(): void {
  const listed = join(goModule, "stubs", "client-go", "kubernetes", "scheme", "versions.go");
  const real = execFileSync("go", ["run", "."], {
    cwd: join(goModule, "tools", "api-versions"),
    encoding: "utf8",
  });
  if (real !== readFileSync(listed, "utf8")) {
    throw new Error(
      `${listed} differs from what client-go registers; run go generate in wasm/tools/api-versions`,
    );
  }
  print("API versions: as client-go registers them");
}

/** Named by the module's digest, so that a program of other versions is never taken for this one. */
function buildNative(): void {
  const target = join(nativeEngineDirectory(process.env), readManifest().render.sha256, "mooring-render");
  mkdirSync(dirname(target), { recursive: true });
  const output = `${target}.${process.pid}`;
  compileProgram({ package: "./cmd/native", output });
  renameSync(output, target);
  print(target);
}

function runTests(_scratch: string, args: readonly string[]): void {
  print(runGo(["test", "-tags=timetzdata", ...(args.length > 0 ? args : ["./..."])]));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const commands: Readonly<Record<string, (scratch: string, args: readonly string[]) => void>> = {
  wasm: writeAll,
  check: checkAll,
  native: buildNative,
  test: runTests,
  notice: writeNotice,
  patch: () => undefined,
};

function main(): void {
  const [name = "", ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    throw new Error(
      `usage: main.ts ${Object.keys(commands).join(" | ")} [artifacts, or Go packages to test]`,
    );
  }
  const scratch = mkdtempSync(join(tmpdir(), "mooring-engine-"));
  try {
    patchLibraries();
    command(scratch, args);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main();

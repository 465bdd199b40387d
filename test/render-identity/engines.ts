import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { nativeEngineDirectory } from "#main/native-engines.ts";
import { isExecutable } from "#test/control-plane/cache.ts";
import type { Progress } from "#test/control-plane/programs.ts";
import { startNativeEngine } from "./native-engine.ts";
import type { Engine } from "./reply.ts";
import { startWasmEngine } from "./wasm-engine.ts";

const root = join(import.meta.dirname, "../..");
const artifacts = join(root, "src/render/engine");

interface Manifest {
  readonly render: { readonly sha256: string };
}

export type Forms = "native" | "library";

/** Starts the render engine in each of its forms: the modules that are shipped, and the program that is built beside them. */
export const startEngineForms = {
  native: async (progress: Progress) => startNativeEngine(await nativeProgram(progress)),
  library: () => startModule("render"),
  jsonnet: () => startModule("jsonnet"),
} as const satisfies Record<string, (progress: Progress) => Promise<Engine>>;

async function startModule(name: string): Promise<Engine> {
  return startWasmEngine(brotliDecompressSync(await readFile(join(artifacts, `${name}.wasm.br`))));
}

async function nativeProgram(progress: Progress): Promise<string> {
  const manifest = JSON.parse(await readFile(join(artifacts, "engines.json"), "utf8")) as Manifest;
  const program = join(nativeEngineDirectory(process.env), manifest.render.sha256, "mooring-render");
  if (await isExecutable(program)) return program;
  progress("building the native render engine from Go modules, about 2 minutes, once");
  await promisify(execFile)(process.execPath, [join(root, "wasm/build/main.ts"), "native"], { cwd: root });
  return program;
}

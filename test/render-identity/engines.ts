import { join } from "node:path";
import { buildProgram } from "#test/control-plane/build.ts";
import { builtPath, isExecutable } from "#test/control-plane/cache.ts";
import { type Program, programVersion, type Progress } from "#test/control-plane/programs.ts";
import { tools } from "#test/official-tools/tools.ts";
import { startNativeEngine } from "./native-engine.ts";
import type { Engine } from "./reply.ts";
import { startWasmEngine } from "./wasm-engine.ts";

const ours = {
  area: "render-engine",
  module: join(import.meta.dirname, "../../wasm"),
  ownSources: true,
  versionOf: tools.helm.versionOf,
  versionVariables: () =>
    [tools.helm, tools.kustomize].flatMap((tool) => tool.versionVariables?.(programVersion(tool)) ?? []),
  inEnvtest: false,
  buildTime: "2 minutes",
} as const;

const library = {
  ...ours,
  flags: ["-tags", "timetzdata", "-buildmode=c-shared"],
  target: { GOOS: "wasip1", GOARCH: "wasm" },
} as const;

const programs = {
  native: { ...ours, name: "native", goPackage: "./cmd/native" },
  library: { ...library, name: "library", goPackage: "./cmd/library" },
  jsonnet: { ...library, name: "jsonnet-library", goPackage: "./cmd/jsonnet-library" },
} as const satisfies Record<string, Program>;

export type Forms = "native" | "library";

/** Starts our engine in each of its builds, as this checkout's sources make them. */
export const startEngineForms = {
  native: async (progress: Progress) => startNativeEngine(await build(programs.native, progress)),
  library: async (progress: Progress) => startWasmEngine(await build(programs.library, progress)),
  jsonnet: async (progress: Progress) => startWasmEngine(await build(programs.jsonnet, progress)),
} as const satisfies Record<keyof typeof programs, (progress: Progress) => Promise<Engine>>;

async function build(program: Program, progress: Progress): Promise<string> {
  const built = builtPath(program);
  if (await isExecutable(built)) return built;
  return buildProgram(program, { progress });
}

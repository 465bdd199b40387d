import { join } from "node:path";
import { buildProgram } from "./build.ts";
import { builtPath, isExecutable } from "./cache.ts";
import { envtestProgram } from "./envtest.ts";
import { type Binaries, type Program, type ProgramName, type ResolveOptions, programs } from "./programs.ts";

/**
 * Finds every program, each on its own: `$KUBEBUILDER_ASSETS`, the cache, an envtest download where
 * it can be reached, `go build`. Throws with what to do when none of them has it.
 */
export async function resolveBinaries(options: ResolveOptions): Promise<Binaries> {
  const found: Partial<Record<ProgramName, string>> = {};
  for (const program of Object.values(programs)) {
    found[program.name] = await resolveProgram(program, options);
  }
  return found as Binaries;
}

async function resolveProgram(program: Program, options: ResolveOptions): Promise<string> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  if (assets !== undefined && assets !== "" && program.inEnvtest) {
    const asset = join(assets, program.name);
    if (await isExecutable(asset)) return asset;
  }
  const built = builtPath(program);
  if (await isExecutable(built)) return built;
  return (await envtestProgram(program, options)) ?? (await buildProgram(program, options));
}

import { buildProgram } from "#test/control-plane/build.ts";
import { builtPath, isExecutable } from "#test/control-plane/cache.ts";
import type { ResolveOptions } from "#test/control-plane/programs.ts";
import { tools, type ToolName } from "./tools.ts";

/** The path of an official tool: from the cache, or built into it. Throws when Go cannot build it. */
export async function resolveTool(name: ToolName, options: ResolveOptions): Promise<string> {
  const built = builtPath(tools[name]);
  if (await isExecutable(built)) return built;
  return buildProgram(tools[name], options);
}

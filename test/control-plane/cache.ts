import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type CacheArea, type Program, versionKey } from "./programs.ts";

/** Outside the tree, so that it outlives a clean checkout and is shared by all of them. */
export function cacheDirectory(
  area: CacheArea = "control-plane",
  env: NodeJS.ProcessEnv = process.env,
): string {
  const own = env["MOORING_CACHE_DIR"];
  if (own !== undefined && own !== "") return join(own, area);
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(base, "mooring", area);
}

export function builtPath(program: Program): string {
  return join(cacheDirectory(program.area), versionKey(program), program.name);
}

export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

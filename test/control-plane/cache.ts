import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type Program, versionKey } from "./programs.ts";

/** Outside the tree, so that it outlives a clean checkout and is shared by all of them. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["MOORING_CACHE_DIR"];
  if (own !== undefined && own !== "") return join(own, "control-plane");
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(base, "mooring", "control-plane");
}

export function builtPath(program: Program): string {
  return join(cacheDirectory(), versionKey(program), program.name);
}

export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

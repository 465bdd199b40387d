import { homedir } from "node:os";
import path from "node:path";

/** Where native render engines are installed, one folder for each digest. */
export function nativeEngineDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const caches = env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return path.join(env["MOORING_CACHE_DIR"] ?? path.join(caches, "mooring"), "render-engine");
}

import { resolveTool } from "../official-tools/resolve.ts";
import type { ToolName } from "../official-tools/tools.ts";

/** For the hook that asks for clients: where they are missing they are built first. */
export const buildTimeoutMs = 20 * 60_000;

/** The path of an official client, from the cache or built into it. */
export function clientPath(name: ToolName): Promise<string> {
  return resolveTool(name, { progress: (line) => process.stderr.write(`${line}\n`) });
}

import type { ApplicationSource } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { overrideFilesOf, overrideSource } from "#core/source/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";

/** They are read on the main thread: so many take a tenth of a second at the worst. */
const maxOverrideBytes = 64 * 1024;

export interface OverrideRequest {
  readonly tree: SourceTree;
  /** The source's directory, links followed. */
  readonly directory: string;
  /** As tracking ids have it. */
  readonly appName: string;
  readonly signal: AbortSignal;
}

/** The source with what `.argocd-source.yaml` and `.argocd-source-<app>.yaml` in its directory change. Throws RENDER_INVALID. */
export async function withOverrides(
  source: ApplicationSource,
  { tree, directory, appName, signal }: OverrideRequest,
): Promise<ApplicationSource> {
  let overridden = source;
  for (const name of overrideFilesOf(appName)) {
    const path = directory === "" ? name : `${directory}/${name}`;
    const entry = await tree.stat(path, signal);
    if (entry === undefined || entry.type === "directory" || entry.type === "submodule") continue;
    if (entry.type === "symlink")
      throw new MooringError("RENDER_INVALID", `${path}: is a symbolic link; put the overrides into a file`);
    const bytes = await tree.read(path, { maxBytes: maxOverrideBytes, signal });
    overridden = overrideSource(overridden, { path, content: parseOverride(bytes, path) });
  }
  return overridden;
}

/** What one of those files says. Throws RENDER_INVALID. */
export function parseOverride(bytes: Uint8Array, path: string): JsonValue {
  return parseSmallYaml(new TextDecoder().decode(bytes), path);
}

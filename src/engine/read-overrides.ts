import { parseDocument } from "yaml";
import type { ApplicationSource } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { overrideFilesOf, overrideSource } from "#core/source/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";

const maxOverrideBytes = 256 * 1024;
const maxAliases = 100;

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

function parseOverride(bytes: Uint8Array, path: string): JsonValue {
  const document = parseDocument(new TextDecoder().decode(bytes));
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw new MooringError(
      "RENDER_INVALID",
      `${path}: not YAML${line === undefined ? "" : ` (line ${line})`}`,
    );
  }
  try {
    return document.toJS({ maxAliasCount: maxAliases }) as JsonValue;
  } catch (error) {
    throw new MooringError("RENDER_INVALID", `${path}: aliases that refer to too much`, { cause: error });
  }
}

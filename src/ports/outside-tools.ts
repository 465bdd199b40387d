import type { KustomizeSource, PluginSource } from "#core/source/index.ts";
import type { SourceTree } from "./source-tree.ts";

export interface OutsideRun {
  readonly tree: SourceTree;
  readonly path: string;
  readonly source: PluginSource | KustomizeSource;
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Tools that are programs of the user's: config management plugins, other versions of Kustomize. What they give depends on more than the
 * tree. Throws MooringError with a `RENDER_`, `GIT_` or `CONFIG_` code.
 */
export interface OutsideTools extends Disposable {
  /** YAML or JSON texts, one or more documents each. */
  run(run: OutsideRun): Promise<readonly string[]>;
}

import type { SourceTree } from "./source-tree.ts";

export interface PluginRun {
  /** The whole repository: a plugin may read beside the application's directory. */
  readonly tree: SourceTree;
  /** The application's directory, normalised; the root is the empty string. */
  readonly path: string;
  /** `<name>` or `<name>-<version>`; empty: the first one whose discovery rules match. */
  readonly plugin: string;
  readonly appName: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly signal: AbortSignal;
}

export interface PluginOutput {
  /** YAML or JSON texts, one or more documents each. */
  readonly manifests: readonly string[];
  readonly plugin: string;
}

/**
 * Runs config management plugins. What they print is not hermetic: it may depend on more than the tree. Throws MooringError with a
 * `RENDER_` or `GIT_` code.
 */
export interface PluginRunner extends Disposable {
  run(run: PluginRun): Promise<PluginOutput>;
}

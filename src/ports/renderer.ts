import type { RenderTool } from "#core/source/index.ts";
import type { SourceFetcher } from "./source-fetcher.ts";
import type { SourceTree } from "./source-tree.ts";

export type {
  DirectorySource,
  HelmSource,
  HelmValues,
  JsonnetVariable,
  KustomizeSource,
  RenderTool,
} from "#core/source/index.ts";

/** Another tree that the render may read below `.git/mounts/<name>/`, such as a source that `$ref/…` names. */
export interface MountedTree {
  readonly name: string;
  readonly tree: SourceTree;
}

export interface RenderRequest {
  readonly tree: SourceTree;
  /** Identifies the repository for the trace cache, without credentials. */
  readonly repositoryUrl: string;
  /**
   * Who asks, such as the project. Results, and what templates generate at random, are never shared between scopes: pass
   * it whenever not everybody may read all that the source refers to.
   */
  readonly scope?: string;
  /** Directory inside the tree, normalised, no leading slash; the root is the empty string. */
  readonly path: string;
  readonly source: RenderTool;
  readonly mounts?: readonly MountedTree[];
  /** Brings what the source refers to elsewhere; without it such a reference is an error. */
  readonly fetcher?: SourceFetcher;
  readonly signal: AbortSignal;
}

export interface RenderResult {
  /** SHA-256 (hex) of `manifests`: equal digests are equal renders. */
  readonly digest: string;
  /** UTF-8 JSON: an array of Kubernetes objects in a deterministic order, List kinds expanded. */
  readonly manifests: Uint8Array;
  readonly objectCount: number;
  /** For each object the file and document it came from, `path/file.yaml#2`. */
  readonly origins: readonly string[];
  /** Argo CD's name of the tool: `Directory`, `Helm`, `Kustomize`; later `Plugin`. */
  readonly sourceType: string;
  /** True when no render ran: the recorded reads stand in this tree. */
  readonly cached: boolean;
}

/** Turns files into Kubernetes objects, off the main thread, within limits. Throws MooringError with a `RENDER_` or `GIT_` code. */
export interface Renderer extends AsyncDisposable {
  render(request: RenderRequest): Promise<RenderResult>;
}

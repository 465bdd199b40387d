import type { SourceTree } from "./source-tree.ts";

export interface DirectorySource {
  readonly tool: "directory";
  readonly recurse: boolean;
  /** Globs over paths relative to the source path; `{a,b}` alternatives allowed; empty means everything. */
  readonly include: string;
  readonly exclude: string;
}

/** How to render; Helm, Kustomize, Jsonnet and plugins become further members of this union. */
export type RenderTool = DirectorySource;

export interface RenderRequest {
  readonly tree: SourceTree;
  /** Identifies the repository for the trace cache, without credentials. */
  readonly repositoryUrl: string;
  /** Directory inside the tree, normalised, no leading slash; the root is the empty string. */
  readonly path: string;
  readonly source: RenderTool;
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
  /** Argo CD's name of the tool: `Directory`, later `Helm`, `Kustomize`, `Plugin`. */
  readonly sourceType: string;
  /** True when no render ran: the recorded reads stand in this tree. */
  readonly cached: boolean;
}

/** Turns files into Kubernetes objects, off the main thread, within limits. Throws MooringError with a `RENDER_` or `GIT_` code. */
export interface Renderer extends AsyncDisposable {
  render(request: RenderRequest): Promise<RenderResult>;
}

import type { ApplicationSource } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { NamedRefs } from "./git-store.ts";
import type { ListedChart } from "./registry.ts";
import type { SourceTree } from "./source-tree.ts";

/** A repository, and the project whose credentials reach it; an empty one stands for credentials that every project has. */
export interface RepositoryName {
  readonly url: string;
  readonly project: string;
}

export interface SourceRequest {
  readonly source: ApplicationSource;
  /** With the rules of its global projects; what it does not permit is not fetched. */
  readonly project: AppProject;
  /** Whose overrides count; may be of an application that does not exist yet. */
  readonly appName: string;
  readonly signal: AbortSignal;
}

/** A source at its target revision. */
export interface OpenedSource {
  readonly tree: SourceTree;
  /** The source's directory, links followed; the root is the empty string. */
  readonly directory: string;
  /** The source with what files beside the manifests override. */
  readonly source: ApplicationSource;
  readonly tool: "Helm" | "Kustomize" | "Directory" | "Plugin";
  /** What it renders to, for no cluster in particular. Throws `RENDER_` errors. */
  readonly render: () => Promise<readonly KubeObject[]>;
}

/** What is in repositories. Every call may throw `GIT_`, `CHART_` and `RENDER_` errors, and CONFIG_INVALID; messages never hold credentials. */
export interface RepositoryView {
  listRefs(repository: RepositoryName, signal: AbortSignal): Promise<NamedRefs>;
  /** Of an OCI repository. */
  listTags(repository: RepositoryName, signal: AbortSignal): Promise<readonly string[]>;
  /** Of a Helm repository. */
  listCharts(repository: RepositoryName, signal: AbortSignal): Promise<readonly ListedChart[]>;
  openSource(request: SourceRequest): Promise<OpenedSource>;
}

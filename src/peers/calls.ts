import type { Application, AppKey, ApplicationSource, Operation } from "#core/app/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { Figures } from "#core/delivery/index.ts";
import type { FiguresRequest, Trace, TraceRequest } from "#ports/delivery-view.ts";
import type { NamedRefs } from "#ports/git-store.ts";
import type {
  ControllerLoad,
  DescribedCommit,
  ManagedObject,
  PlannedOperation,
  RenderedManifests,
} from "#ports/live-view.ts";
import type { ListedChart } from "#ports/registry.ts";
import type { OpenedSource, RepositoryName } from "#ports/repository-view.ts";
import type { Timeline } from "#ports/timeline.ts";
import type { TreeEntry } from "#ports/source-tree.ts";

/** Whose files are read. Nothing stays open between two calls: the next one may be answered by another controller. */
export type TreeName =
  | {
      readonly of: "application";
      readonly app: AppKey;
      readonly source: ApplicationSource;
      readonly revision: string;
    }
  | {
      readonly of: "repository";
      readonly source: ApplicationSource;
      readonly project: AppProject;
      readonly appName: string;
    };

type RepositoryTree = Extract<TreeName, { readonly of: "repository" }>;

interface RevisionOfApp {
  readonly app: AppKey;
  readonly source: ApplicationSource;
  readonly revision: string;
}

/** What the server asks the controller that leads, as JSON: the methods of `LiveView`. */
export interface Calls {
  managed: { request: { app: AppKey }; answer: readonly ManagedObject[] };
  compareWith: { request: { app: AppKey; manifests: readonly string[] }; answer: readonly ManagedObject[] };
  manifests: {
    request: {
      app: AppKey;
      revisions: readonly string[];
      /** The archive is a gzipped tar in base64. */
      files?: { archive: string; isTrusted: boolean };
    };
    answer: RenderedManifests;
  };
  describeCommit: { request: RevisionOfApp; answer: DescribedCommit };
  describeArtifact: { request: RevisionOfApp; answer: Readonly<Record<string, string>> };
  lastSeen: {
    request: { app: AppKey; keys: readonly ObjectKey[] };
    answer: readonly (KubeObject | null)[];
  };
  orphans: { request: { app: AppKey }; answer: readonly ObjectKey[] };
  plan: {
    request: { app: AppKey; operation: Operation; revisions: readonly string[] };
    answer: PlannedOperation;
  };
  preview: { request: { app: Application; operation: Operation }; answer: PlannedOperation };
  timeline: { request: { app: AppKey; limit: number }; answer: Timeline };
  trace: {
    request: Omit<TraceRequest, "kind" | "signal"> & { kind: "commit" | "image" | null };
    answer: Trace;
  };
  figures: { request: Omit<FiguresRequest, "signal">; answer: readonly Figures[] };
  load: { request: Record<string, never>; answer: ControllerLoad };
  testRepository: { request: { secret: KubeObject }; answer: null };
  listRefs: { request: RepositoryName; answer: NamedRefs };
  listTags: { request: RepositoryName; answer: readonly string[] };
  listCharts: { request: RepositoryName; answer: readonly ListedChart[] };
  openRevision: { request: RevisionOfApp; answer: { revision: string } };
  openRepository: {
    request: RepositoryTree;
    answer: Pick<OpenedSource, "directory" | "source" | "tool"> & { revision: string };
  };
  render: { request: RepositoryTree; answer: readonly KubeObject[] };
  statFile: { request: { tree: TreeName; path: string }; answer: TreeEntry | null };
  listFiles: { request: { tree: TreeName; path: string }; answer: readonly TreeEntry[] | null };
  /** The content in base64. */
  readFile: { request: { tree: TreeName; path: string; maxBytes: number }; answer: string };
}

export type Asks = {
  readonly [Method in keyof Calls]: (
    request: Calls[Method]["request"],
    signal: AbortSignal,
  ) => Promise<Calls[Method]["answer"]>;
};

/** Asks the controller that leads. */
export type Ask = <Method extends keyof Calls>(
  method: Method,
  request: Calls[Method]["request"],
  signal: AbortSignal,
) => Promise<Calls[Method]["answer"]>;

const mebibyte = 1024 * 1024;
/** Of what a client may send to the server, the files of an archive are the most: 32 MiB, and base64 makes a third more of it. */
export const maxRequestBytes = 64 * mebibyte;
/** The objects of the largest applications, four times each. */
export const maxAnswerBytes = 256 * mebibyte;
/** By which both know one another: the names in their certificates. */
export const controllerIdentity = "mooring-controller";
export const serverIdentity = "mooring-server";
/** Where calls are sent to; another version of what is said here gets another path. */
export const callPath = "/v1/";
/** In an answer of a controller that does not lead. */
export const notLeadingHeader = "mooring-not-leading";

/** Certificates in PEM, by which one process shows the other who it is. */
export interface PeerCredentials {
  /** Of the authorities that are trusted. */
  readonly ca: readonly string[];
  readonly cert: string;
  readonly key: string;
}

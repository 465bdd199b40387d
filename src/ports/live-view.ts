import type { Application, AppKey, ApplicationSource, Operation } from "#core/app/index.ts";
import type { ApprovalRequirement } from "#core/approval/index.ts";
import type { PlanRecord, ToldPlan } from "#core/sync/index.ts";
import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { DeliveryView } from "./delivery-view.ts";
import type { CommitInfo } from "./git-store.ts";
import type { SourceTree } from "./source-tree.ts";
import type { Timeline } from "./timeline.ts";
import type { RepositoryView } from "./repository-view.ts";

/** One object that an Application wants or has, as it is. Nothing is masked: who shows it to somebody masks it first. */
export interface ManagedObject {
  readonly key: ObjectKey;
  readonly version: string;
  /** What Git wants; undefined for what left Git. */
  readonly target: KubeObject | undefined;
  /** What lives, in the version that Git speaks; undefined when it does not exist. */
  readonly live: KubeObject | undefined;
  /** The live object without what is ignored. */
  readonly normalizedLive: KubeObject | undefined;
  /** What a sync would make of it, without what is ignored; undefined for what it would prune. */
  readonly predicted: KubeObject | undefined;
  readonly sync: "Synced" | "OutOfSync";
  readonly health: Health | undefined;
  readonly hook: boolean;
  /** Fields that hold values which are encrypted in Git. */
  readonly secretPaths: readonly (readonly (string | number)[])[];
}

/** What was rendered for an application. */
export interface RenderedManifests {
  /** By source. */
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  /** Nothing is masked: who shows them to somebody masks them first. */
  readonly objects: readonly {
    readonly object: KubeObject;
    /** Fields that hold values which are encrypted in Git. */
    readonly secretPaths: readonly (readonly (string | number)[])[];
  }[];
}

export interface ManifestRequest {
  /** By source, in place of the target revisions; empty for a source's own. */
  readonly revisions: readonly string[];
  /** Files that stand in for those of the only source. */
  readonly files?: ClientFiles;
  readonly signal: AbortSignal;
}

interface PlanRequest {
  readonly operation: Operation;
  /** By source, in place of the target revisions; none for those. */
  readonly revisions: readonly string[];
  readonly signal: AbortSignal;
}

/** What an operation would do. It holds no value of any object. */
export interface PlannedOperation {
  readonly told: ToldPlan;
  /** As an approval keeps it. */
  readonly record: PlanRecord;
  /** What the application and its projects ask for. */
  readonly approval: ApprovalRequirement;
}

/** Files that a client brings. */
export interface ClientFiles {
  readonly tree: SourceTree;
  /** Whether they may use what a project's own files may: credentials of repositories, keys for encrypted files, secret variables. */
  readonly isTrusted: boolean;
}

/** A source of an Application, now or in its history, at a revision. */
export interface SourceRevision {
  readonly source: ApplicationSource;
  /** A commit, version or digest, or what leads to one. */
  readonly revision: string;
  readonly signal: AbortSignal;
}

export interface DescribedCommit extends CommitInfo {
  /** Why it is not signed as the project asks, or that it is; undefined where the project asks for no signature. */
  readonly signature: string | undefined;
}

/** How much a controller has to do. */
export interface ControllerLoad {
  readonly applications: number;
  /** Applications that have to be looked at, and wait for their turn. */
  readonly waiting: number;
  /** How long the one has waited that waits the longest. */
  readonly longestWaitMs: number;
  /** How many are looked at in parallel. */
  readonly statusProcessors: number;
  /** What to do when that is too long. */
  readonly advice?: string;
}

/**
 * What the controller that owns an application knows and can find out of it. Every call may throw `KUBE_`, `GIT_` and `RENDER_` errors,
 * APP_NOT_FOUND, APP_INVALID for an Application that refers to what is not there or not permitted, and API_CLOSING while no controller leads.
 * Nothing here changes anything, so that a call which broke off can be made again.
 */
export interface LiveView {
  /** Compares an application now; what Git wants is that of its target revisions, or the last known when Git does not answer. */
  managed(app: AppKey, signal: AbortSignal): Promise<readonly ManagedObject[]>;
  manifests(app: AppKey, request: ManifestRequest): Promise<RenderedManifests>;
  /** What an operation would do now, with the digest by which its plan can be approved. */
  plan(app: AppKey, request: PlanRequest): Promise<PlannedOperation>;
  /** The same of an Application that does not exist yet. */
  preview(app: Application, operation: Operation, signal: AbortSignal): Promise<PlannedOperation>;
  /**
   * As `managed`, of the objects of these manifests only: as if they were in Git. Of objects that the application does not manage nothing
   * that lives is read. Throws RENDER_INVALID and RENDER_TOO_LARGE for manifests that are none.
   */
  compareWith(
    app: AppKey,
    manifests: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ManagedObject[]>;
  /** Throws API_INVALID_ARGUMENT for a source that is not in Git. */
  describeCommit(app: AppKey, revision: SourceRevision): Promise<DescribedCommit>;
  /** The annotations of an artifact's manifest. Throws API_INVALID_ARGUMENT for a source that is none. */
  describeArtifact(app: AppKey, revision: SourceRevision): Promise<Readonly<Record<string, string>>>;
  /** The files of a source; of a chart its directory. */
  openSource(app: AppKey, revision: SourceRevision): Promise<SourceTree>;
  /** Managed objects as the controller saw them last, in this order; undefined for those that do not exist or are not known yet. */
  lastSeen(
    app: AppKey,
    keys: readonly ObjectKey[],
    signal: AbortSignal,
  ): Promise<readonly (KubeObject | undefined)[]>;
  /** Objects in the namespace of an application that nobody manages or owns, where its project asks for that. */
  orphans(app: AppKey, signal: AbortSignal): Promise<readonly ObjectKey[]>;
  /** What happened to an application, as far as the controller that leads has seen it: at most so many entries of each kind. */
  timeline(app: AppKey, limit: number, signal: AbortSignal): Promise<Timeline>;
  /** How much there is to do. */
  load(signal: AbortSignal): Promise<ControllerLoad>;
  /** Asks a repository as its Secret describes it, which need not be stored. Throws what is wrong: `GIT_`, `CHART_` and CONFIG_INVALID. */
  testRepository(secret: KubeObject, signal: AbortSignal): Promise<void>;
  readonly repositories: RepositoryView;
  readonly deliveries: DeliveryView;
}

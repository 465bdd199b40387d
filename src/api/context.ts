import type { KubeObject } from "#core/object/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { AccessSubject, Enforcer } from "#core/rbac/index.ts";
import type { AuditReader } from "#ports/audit-store.ts";
import type { ClientArchives } from "#ports/client-archives.ts";
import type { Hub, HubKey } from "#ports/hub.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { Targets } from "#ports/targets.ts";
import type { Templates } from "#ports/templates.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { Authenticator, Identity } from "./auth/index.ts";
import type { NodePodsSource } from "./node-pods.ts";
import type { OwnedObjectsSource } from "./owned-objects.ts";

/** A change of an Application on the hub; `after` is undefined when it is gone. */
export interface ApplicationChange {
  readonly key: HubKey;
  /** What it is among `numberedApplications`. */
  readonly number: number;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** A change of a Pipeline on the hub. */
type PipelineChange = Pick<ApplicationChange, "key" | "before" | "after">;

/** The policy and projects as they are now. */
export interface PolicyView {
  readonly enforcer: () => Enforcer;
  /** Who somebody is for the policy. */
  readonly subjectOf: (identity: Identity) => AccessSubject;
}

/** Who leads among the controllers, by the Lease on which they agree. */
export interface LeaderState {
  readonly leads: boolean;
  /** Whose the Lease is, though it may have run out; empty when it was given back. */
  readonly identity: string;
  /** RFC 3339. */
  readonly since?: string;
  /** RFC 3339. */
  readonly renewedAt?: string;
}

/** What the methods of the API work with. */
export interface ApiContext {
  readonly hub: Hub;
  /** The configuration as the hub has it now. */
  readonly config: () => HubConfig;
  /** Hears of every change of an Application until it is disposed of. */
  readonly onApplicationChange: (listener: (change: ApplicationChange) => void) => Disposable;
  /** The same of every Pipeline. */
  readonly onPipelineChange: (listener: (change: PipelineChange) => void) => Disposable;
  /** Every Application by a small number, for what is remembered of each for long. */
  readonly numberedApplications: ReadonlyMap<number, KubeObject>;
  /** Whether Applications of a namespace are managed here. */
  readonly admitsNamespace: (namespace: string) => boolean;
  readonly authenticator: Authenticator;
  /** For whoever asks why; what a caller may do is asked of the caller. */
  readonly policy: PolicyView;
  readonly live: LiveView;
  readonly targets: Targets;
  readonly audit: Pick<AuditReader, "list"> & {
    /** What is wrong with how records are kept; undefined for nothing. */
    readonly problem: () => string | undefined;
  };
  readonly readLeader: (signal: AbortSignal) => Promise<LeaderState>;
  /** What controllers created for what is deployed. */
  readonly owned: OwnedObjectsSource;
  /** What is placed on the nodes of clusters. */
  readonly nodePods: NodePodsSource;
  readonly archives: ClientArchives;
  /** Runs what users wrote. */
  readonly scripts: Scripts;
  /** Evaluates the templates of deep links. */
  readonly templates: Templates;
  /**
   * Under which the values of Secrets are shown, by application: equal values within one look equal, those of two say nothing of each
   * other, and nobody without the key can test a guess.
   */
  readonly secretHash: (scope: string) => (value: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Version of the server. */
  readonly version: string;
  /** Aborts when the server closes; for what outlives the request that began it. */
  readonly signal: AbortSignal;
}

/** The field manager of what is written through the API. */
export const apiFieldManager = "mooring-server";

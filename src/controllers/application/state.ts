import type {
  Application,
  ApplicationSource,
  FoundCondition,
  Operation,
  OperationState,
  RevisionHistory,
} from "#core/app/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { WaitingPlan } from "#core/approval/index.ts";
import type { PlanRecord } from "#core/sync/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { ContextResult } from "./context.ts";
import type { VerdictCache } from "#engine/compare.ts";
import type { Desired } from "#engine/desired.ts";

/** A sync that runs now. It lives in memory; what must survive a crash is in the Application's status. */
export interface RunningOperation {
  readonly operation: Operation;
  readonly automated: boolean;
  readonly startedAtMs: number;
  /**
   * True once the Application says that it runs. Nothing is written to the cluster before that: after a crash no hook is started
   * again, every deployment is in the history, and what it applied is in the inventory, so that a later commit can prune it.
   */
  recorded: boolean;
  readonly queuedAtMs: number;
  /** When this process first had it on record; undefined before that. */
  beganAtMs: number | undefined;
  /** False while an automated operation waits for its turn: until then the Application does not speak of it. */
  mayRecord: boolean;
  /** Resolved when `recorded` becomes true. */
  readonly whenRecorded: PromiseWithResolvers<void>;
  /** Set while the operation waits until its progress is written down; such a write does not wait for its turn. */
  told: PromiseWithResolvers<void> | undefined;
  /** The plan that it was found to be allowed to carry out. */
  permittedPlan: PlanRecord | undefined;
  /** What the status should say now. */
  progress: OperationState;
  /** True while it only waits: for health, for a deletion, for its next retry. */
  waiting: boolean;
  readonly revision: string;
  /** Source, destination and project when it started: when they change, it works for nobody any more. */
  readonly spec: string;
  /** Resolved when somebody approves the deletions that it waits with. */
  readonly approved: PromiseWithResolvers<void>;
  /** When the status last said how far it is. */
  writtenAtMs: number | undefined;
  readonly stop: AbortController;
  /** Aborted when a sync window closes on it: what it does ends as at a restart, and goes on when a window opens. */
  readonly hold: AbortController;
}

/** A sync that ended and is not in the Application's status yet. */
export interface FinishedOperation {
  readonly operation: Operation;
  readonly state: OperationState;
  /** Undefined when it is not recorded: a dry run, a part of the application, a failure. */
  readonly history: Omit<RevisionHistory, "id"> | undefined;
  readonly pruned: readonly ObjectKey[];
  /** It failed, and not because somebody stopped it or something could not be reached. */
  readonly blamesRevision: boolean;
  /** Its plan, when it was refused because nobody had approved that. */
  readonly refusedPlan?: WaitingPlan | undefined;
}

/** What an Application's spec refers to, with what it was resolved from. */
export interface ResolvedApp {
  readonly app: Application;
  readonly config: HubConfig;
  /** Its project and all global ones. */
  readonly projects: readonly (KubeObject | undefined)[];
  readonly resolved: ContextResult;
  readonly unsupported: readonly FoundCondition[];
  readonly unsupportedByProject: readonly FoundCondition[];
}

/** What the controller remembers of one application between two looks; all of it can be lost at any moment. */
export interface AppState {
  /** Of the Application object that this is about: one created again under its name starts anew. */
  readonly uid: string;
  /** Where and how objects are placed and marked; what was compared under another scope says nothing. */
  scope: string;
  resolved: ResolvedApp | undefined;
  readonly verdicts: VerdictCache;
  desired:
    | { readonly cacheKey: string; readonly sources: readonly ApplicationSource[]; readonly desired: Desired }
    | undefined;
  /** The same of the deployment that a hold keeps to. */
  heldDesired: AppState["desired"];
  readonly heldVerdicts: VerdictCache;
  /** Whether what Git wants renders to what failed; `of` says which two revisions were rendered. */
  holdCheck: { readonly of: string; readonly isSame: boolean } | undefined;
  /** The same of what was deployed last, and what folders hold at commits; of Applications in stages of Pipelines. */
  deployedCheck: AppState["holdCheck"];
  readonly contents: Map<string, string>;
  /** When it is to be judged again what has become of the last deployment. */
  rollbackAtMs: number | undefined;
  running: RunningOperation | undefined;
  finished: FinishedOperation | undefined;
  /** Since when the repository gives no answer, when it was last asked, and what came back. */
  repositoryFailure:
    | { readonly sinceMs: number; readonly askedMs: number; readonly message: string }
    | undefined;
  /** Extras that the last operation pruned and that may still be seen for a moment. */
  pruned: ReadonlySet<ObjectKey>;
  /** Ends the look that is under way: what it waits for may never come, and somebody wants the operation to end. */
  interruption: AbortController | undefined;
  /** When the last look began; live events that come faster are gathered. */
  lookedAtMs: number;
  /** What a sync window holds: the operation with what it had done. */
  held: OperationState | undefined;
  /** When the sync windows will say something else, while that matters to this application. */
  windowsAtMs: number | undefined;
  /** When a freeze of its Pipeline ends that an automated sync waits for. */
  unfrozenAtMs: number | undefined;
  /** The plan that an automated sync waits with; null when none waits, undefined when the last look did not find out. */
  waitingPlan: WaitingPlan | null | undefined;
  /** When a self-heal is due that its backoff holds back. */
  healAtMs: number | undefined;
  /** What is told of drift that self-heals do not end, under which spec. */
  fight: { readonly message: string; readonly spec: string } | undefined;
  /** When the newest revision was told by its repository, and when it was rendered. */
  arrival: { readonly revision: string; readonly seenMs: number; readonly renderedMs: number } | undefined;
  /** What the timeline was told last. */
  toldDelivery: string | undefined;
  /** The revision of which it was found out when it was written. */
  toldCommitted: string | undefined;
  toldDrift: { readonly said: string; readonly atMs: number } | undefined;
  /** When a revision that moved, and nothing else, may be written. */
  paceAtMs: number | undefined;
  /** When the Application last said what its deletion waits for. */
  deletionToldAtMs: number | undefined;
}

export function createAppState(uid: string): AppState {
  return {
    uid,
    scope: "",
    resolved: undefined,
    pruned: new Set(),
    interruption: undefined,
    lookedAtMs: Number.NEGATIVE_INFINITY,
    verdicts: new Map(),
    desired: undefined,
    heldDesired: undefined,
    heldVerdicts: new Map(),
    holdCheck: undefined,
    deployedCheck: undefined,
    contents: new Map(),
    rollbackAtMs: undefined,
    running: undefined,
    finished: undefined,
    repositoryFailure: undefined,
    held: undefined,
    windowsAtMs: undefined,
    unfrozenAtMs: undefined,
    waitingPlan: undefined,
    healAtMs: undefined,
    fight: undefined,
    arrival: undefined,
    toldDelivery: undefined,
    toldCommitted: undefined,
    toldDrift: undefined,
    paceAtMs: undefined,
    deletionToldAtMs: undefined,
  };
}

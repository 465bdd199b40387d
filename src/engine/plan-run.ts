import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseApiVersion, parseObjectKey } from "#core/object/index.ts";
import type { OperationPhase, ResourceResult, SkipAction, SyncPhase, SyncPlan } from "#core/sync/index.ts";
import { formatWait } from "#core/sync/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Respect } from "./apply.ts";

/** One line of a sync's result. */
export interface ActionResult {
  readonly key: ObjectKey;
  readonly version: string;
  readonly phase: SyncPhase;
  readonly result: ResourceResult;
  readonly hookPhase: OperationPhase | undefined;
  /** It failed because the cluster could not be reached, whatever was applied. */
  readonly outage?: boolean;
}

export interface RunProgress {
  readonly message: string;
  /** True while nothing is written and only the cluster is awaited. */
  readonly waiting: boolean;
  readonly results: readonly ActionResult[];
}

/** How an operation learns that the deletions that need it are approved. */
interface Confirmation {
  readonly isGiven: () => boolean;
  /** Resolves when it is; rejects with AbortError when the run is ended. */
  readonly given: () => Promise<void>;
  /** How to give it. */
  readonly howTo: string;
}

export interface RunOptions {
  readonly live: LiveStore;
  /** The cluster as whoever writes: a service account, where the project names one. */
  readonly writer: Cluster;
  /** Whose claims the plan's objects are kept under while it runs. */
  readonly claimant: string;
  readonly clock: Clock;
  readonly assess: (object: KubeObject) => Health | undefined;
  /** Awaited before objects are assessed: their health may be a script's to say. */
  readonly learnHealth: (objects: readonly KubeObject[], signal: AbortSignal) => Promise<void>;
  /** True for an object that carries the application's tracking id. */
  readonly isOurs: (object: KubeObject) => boolean;
  /** The API version of every planned object, for the result. */
  readonly apiVersions: ReadonlyMap<ObjectKey, string>;
  /** With RespectIgnoreDifferences=true: what is sent in place of a desired object that lives. */
  readonly respect?: Respect | undefined;
  /** Told of every object before it is applied: from then on it may be there, whatever is answered. */
  readonly onBegun: (key: ObjectKey) => void;
  /** Told of every object that was applied, with the server's answer. */
  readonly onApplied: (key: ObjectKey, answer: KubeObject) => void;
  /** Runs work that asks the cluster for something; waiting for it to change is not. */
  readonly slot: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the same attempt had done before a restart; the results go on from there. */
  readonly earlier: readonly ActionResult[];
  /** Writes at the same time inside a group. */
  readonly concurrency: number;
  readonly onProgress: (progress: RunProgress) => void;
  readonly confirmation: Confirmation;
  /** What ends a wait that nothing else ends. */
  readonly wayOut: string;
  /** Between two waves, milliseconds; 0 where health is what is waited for. */
  readonly waveDelayMs: number;
  /** Resolves when what was last reported is written down where a restart finds it. */
  readonly tell: () => Promise<void>;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Ends the whole process: hooks of a run that only `signal` ended are cleaned up until this one aborts. */
  readonly shutdown: AbortSignal;
}

/** The results so far, by phase and key: a hook may run in several phases. */
export type Results = Map<string, ActionResult>;

export interface Run extends RunOptions {
  readonly plan: SyncPlan;
  readonly results: Results;
  /** Gates whose kind nobody watches: not served yet, or outside of what the cluster is restricted to. */
  unwatched: ReadonlySet<ObjectKey>;
  /** What the server answered when it was applied, for those. */
  readonly applied: Map<ObjectKey, KubeObject>;
}

export function lineOf({ phase, key }: Pick<ActionResult, "phase" | "key">): string {
  return `${phase} ${key}`;
}

export function skipResult(action: SkipAction): ResourceResult | undefined {
  if (action.because !== "unchanged" || action.result === undefined) return action.result;
  return { ...action.result, message: `${nameOf(action.key)} unchanged` };
}

export function versionOf(key: ObjectKey, { apiVersions }: Run): string {
  return parseApiVersion(apiVersions.get(key) ?? "").version;
}

export function put(
  run: Run,
  phase: SyncPhase,
  line: Pick<ActionResult, "key" | "version" | "result" | "outage"> & { readonly hookPhase?: OperationPhase },
): void {
  const next: ActionResult = { phase, hookPhase: undefined, ...line };
  const before = run.results.get(lineOf(next));
  // What this operation applied before a restart is unchanged now: the result says what was done, not what was left to do.
  if (isUnchanged(next) && before !== undefined && before.result.code === "Synced") return;
  run.results.set(lineOf(next), next);
}

function isUnchanged({ result, hookPhase }: ActionResult): boolean {
  return hookPhase === undefined && result.code === "Synced" && result.message.endsWith("unchanged");
}

interface HookEnd {
  readonly hookPhase: OperationPhase;
  readonly why: string | undefined;
}

/** Of a hook that failed its line says why. */
export function setHookPhase(run: Run, line: string, { hookPhase, why = "" }: HookEnd): void {
  const known = run.results.get(line);
  if (known === undefined) return;
  const { message } = known.result;
  const isNews = hookPhase === "Failed" && why !== "" && !message.includes(why);
  const result = isNews ? { ...known.result, message: `${message}; ${why}` } : known.result;
  run.results.set(line, { ...known, result, hookPhase });
}

export function reportWait(run: Run, message: string, sinceMs: number): void {
  report(run, formatWait({ message, since: formatTime(sinceMs), wayOut: run.wayOut }), true);
}

export function report(run: Run, message: string, waiting: boolean): void {
  run.onProgress({ message, waiting, results: [...run.results.values()] });
}

/** `deployment.apps/web`, as kubectl names it. */
export function nameOf(key: ObjectKey): string {
  const { group, kind, name } = parseObjectKey(key);
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
}

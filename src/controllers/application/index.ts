import type { AppKey } from "#core/app/index.ts";
import { appKey } from "#core/app/index.ts";
import { isMooringError, stackOf } from "#core/errors/index.ts";
import { secretValuesOf } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import { trackingOf } from "#core/tracking/index.ts";
import { namespaceRule } from "#core/project/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { GitHistory } from "#ports/git-history.ts";
import type { TimelineStore } from "#ports/timeline.ts";
import { HealthChecks } from "#engine/scripted-health.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { Log } from "#runtime/log.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { msSince } from "#runtime/clock.ts";
import { runWorkers } from "#runtime/run-workers.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { ClusterBreaker } from "../clusters/breaker.ts";
import { ClusterRegistry } from "../clusters/registry.ts";
import { Hydration } from "../hydration/index.ts";
import { readConfig } from "../hub/config.ts";
import { CurrentConfig } from "../hub/current-config.ts";
import type { Hub } from "#ports/hub.ts";
import { startHub } from "../hub/hub.ts";
import type { HubObserver } from "../hub/observers.ts";
import { HubObservers } from "../hub/observers.ts";
import { DependencyIndex } from "../dependencies/dependency-index.ts";
import { mayDepend } from "../dependencies/may-depend.ts";
import { StageIndex } from "../promotion/stage-index.ts";
import { applyConfigChange } from "./config-change.ts";
import { Contests } from "./contests.ts";
import type { ApplicationDeps } from "./deps.ts";
import { createLiveView } from "./live-view.ts";
import { listeners } from "./listen.ts";
import { watchLoad } from "./load.ts";
import { ChangeFilter } from "./filter-changes.ts";
import { parseKnown, reconcileApplication } from "./reconcile.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import { SourceNews } from "./source-news.ts";
import { StatusPace } from "./status-pace.ts";

type OwnersOf = (object: KubeObject) => readonly string[];

export interface ApplicationControllerOptions {
  readonly hub: Cluster;
  /** The control-plane namespace. */
  readonly namespace: string;
  /** Globs of other namespaces whose Applications are looked at, as far as their projects permit; none unless told. */
  readonly applicationNamespaces?: readonly string[];
  readonly adapters: SourceAdapters;
  /** Commits rendered manifests. */
  readonly writer: GitWriter;
  /** What commits say they were made by. */
  readonly version: string;
  /** Runs what users wrote. */
  readonly scripts: Scripts;
  /** Opens a cluster's live store; `ownersOf` names the applications whose tracking mark an object carries. */
  readonly openCluster: (record: ClusterRecord, ownersOf: OwnersOf) => LiveStore;
  readonly parseYaml: (text: string) => unknown;
  /** Keyed hash under which secret values are compared and shown. */
  readonly secretHash: (value: string) => string;
  /** How plans are hashed for approval. */
  readonly planHash: PlanHash;
  readonly random: () => number;
  readonly redact: (text: string) => string;
  /** Told of the credentials that the configuration holds, before any of them is used. */
  readonly onSecrets: (values: ReadonlySet<string>) => void;
  readonly log: Log;
  readonly statusProcessors: number;
  readonly operationProcessors: number;
  /** Writes at the same time for one application. */
  readonly writeConcurrency: number;
  /** Between two waves of a sync; 0 for none. */
  readonly waveDelayMs: number;
  /** Writes a second that only say which commit an unchanged application was compared with. */
  readonly revisionWritesPerSecond: number;
  /** Keeps what happened, for people to look back at; nothing is kept unless told. */
  readonly timeline?: TimelineStore | undefined;
  /** What led to what in Git, for those who look for commits. */
  readonly history?: GitHistory | undefined;
  readonly onReady?: () => void;
  /** Each runs beside, from the same hub, until the signal aborts. */
  readonly beside?: readonly ((plane: SharedPlane) => Promise<void>)[];
  /** Given what clients may ask of the applications here, once the hub has been read. */
  readonly onView?: (view: LiveView) => void;
  readonly signal: AbortSignal;
}

/** What other controllers may work with. */
export interface SharedPlane {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  readonly view: LiveView;
  readonly observe: (observer: HubObserver) => Disposable;
  /** Whether objects of other namespaces are looked at; undefined when none are. */
  readonly admits: ((namespace: string) => boolean) | undefined;
  readonly signal: AbortSignal;
}

/** Runs the application controller until the signal aborts; work in hand ends before it resolves. */
export async function runApplicationController(options: ApplicationControllerOptions): Promise<void> {
  const { signal, log } = options;
  const queue = createQueue(options);
  const config = new CurrentConfig({
    read: () => {
      const read = readConfig(hub, options);
      options.onSecrets(secretValuesOf(read));
      return read;
    },
    onChange: (before, after) => applyConfigChange(before, after, { hub, registry, queue }),
    clock: options.adapters.clock,
  });
  const stages = new StageIndex({ namespace: options.namespace, wake: (key) => queue.addUrgent(key), log });
  const observers = new HubObservers();
  const admits = namespaceRule(options.applicationNamespaces ?? [], compilePattern);
  const hub = startHub({
    cluster: options.hub,
    namespace: options.namespace,
    admits,
    log,
    signal,
    ...listeners({ stages, observers, config }, () => deps),
  });
  await using registry = new ClusterRegistry({
    open: (record) => options.openCluster(record, ownersBy(config)),
    onChange: ({ owners, ...change }, live) => queueCounted(owners, changes.counts(change, live), deps),
    onFailure: (owners) => queueOwners(owners, deps),
  });
  const healthChecks = new HealthChecks({ ...options, clock: options.adapters.clock });
  const changes = new ChangeFilter({ ...options, healthChecks, settings: () => config.get().settings });
  const news = new SourceNews(options.adapters.clock);
  const hydration = createHydration(options, { hub, registry, config, news, queue });
  const deps: ApplicationDeps = {
    ...options,
    hydration,
    healthChecks,
    hub,
    registry,
    stages,
    breaker: new ClusterBreaker(options.adapters.clock),
    queue,
    config: () => config.get(),
    states: new Map(),
    commits: new Map(),
    news,
    contests: new Contests((owner) => queueOwners([owner], deps)),
    dependencies: createDependencies(hub, queue, options.adapters),
    pace: new StatusPace(options.adapters.clock, options.revisionWritesPerSecond),
    operations: new Semaphore(options.operationProcessors),
    tasks: new Set(),
  };
  await runUntilAborted(options, deps, { admits, observe: observers.add.bind(observers) });
}

/** Looks at applications, and has others work beside, until the signal aborts. */
async function runUntilAborted(
  options: ApplicationControllerOptions,
  deps: ApplicationDeps,
  shared: Pick<SharedPlane, "admits" | "observe">,
): Promise<void> {
  const { hub, signal } = deps;
  await Promise.race([hub.synced, aborted(signal)]);
  using _load = watchLoad(deps);
  const beside = tellReady(options, deps, shared);
  await Promise.all([reconcileAll(options, deps), deps.hydration.run(signal)]);
  await Promise.all([...deps.tasks, hub.ended, beside]);
}

async function reconcileAll(options: ApplicationControllerOptions, deps: ApplicationDeps): Promise<void> {
  await runWorkers<AppKey>({
    queue: deps.queue,
    concurrency: options.statusProcessors,
    reconcile: (key, workerSignal) => reconcileApplication(key, deps, workerSignal),
    onError: (key, error) => reportError(deps.log, key, error),
    signal: options.signal,
  });
}

interface HydrationParts extends Pick<ApplicationDeps, "hub" | "registry" | "news" | "queue"> {
  readonly config: CurrentConfig;
}

function createHydration(
  options: ApplicationControllerOptions,
  { hub, registry, config, news, queue }: HydrationParts,
): Hydration {
  return new Hydration({
    ...options,
    hub,
    registry,
    config: () => config.get(),
    maxAgeMs: (sources) => news.maxAgeMs(sources),
    onHydrated: (key, source) => {
      news.tell(source);
      queue.addUrgent(key);
    },
    parse: (key) => parseKnown(hub.applications.get(key)),
  });
}

/** Begins what runs beside. */
function tellReady(
  { onReady, onView, beside = [] }: ApplicationControllerOptions,
  deps: ApplicationDeps,
  shared: Pick<SharedPlane, "admits" | "observe">,
): Promise<unknown> {
  onReady?.();
  const view = createLiveView(deps);
  onView?.(view);
  const { hub, config, signal } = deps;
  return Promise.all(beside.map((run) => run({ ...shared, hub, config, view, signal })));
}

/** The applications whose mark an object carries, by the way of marking that is in force. */
function ownersBy(config: CurrentConfig): OwnersOf {
  return (object) => {
    const { trackingMethod: method, instanceLabelKey: labelKey, installationId } = config.get().settings;
    const tracked = trackingOf(object, { method, labelKey, installationId });
    return tracked === undefined ? [] : [tracked.app];
  };
}

function createDependencies(hub: Hub, queue: WorkQueue<AppKey>, { clock }: SourceAdapters): DependencyIndex {
  return new DependencyIndex({
    find: (key) => hub.applications.get(key),
    mayDepend: (from, to) => mayDepend(from, to, hub),
    wake: (key) => queue.addUrgent(key),
    clock,
  });
}

function createQueue({ adapters, random }: ApplicationControllerOptions): WorkQueue<AppKey> {
  return new WorkQueue<AppKey>({
    clock: adapters.clock,
    backoff: { baseMs: 100, factor: 2, maxMs: 60_000, jitter: 0.5 },
    random,
  });
}

function queueOwners(owners: readonly string[], deps: ApplicationDeps): void {
  for (const owner of owners) {
    const key = ownerKey(owner, deps.hub.namespace);
    if (deps.hub.applications.get(key) !== undefined) queueLiveChange(key, deps);
  }
}

/** Has the owners looked at when the change counts; whether it does may take a script to say. */
function queueCounted(
  owners: readonly string[],
  counts: boolean | Promise<boolean>,
  deps: ApplicationDeps,
): void {
  if (counts === true) queueOwners(owners, deps);
  if (typeof counts === "boolean") return;
  const task: Promise<void> = counts
    .then(
      (isNews) => {
        if (isNews) queueOwners(owners, deps);
      },
      (error: unknown) => {
        deps.log.error("a change could not be judged", { error: stackOf(error) });
        queueOwners(owners, deps);
      },
    )
    .finally(() => deps.tasks.delete(task));
  deps.tasks.add(task);
}

/** An object that changes twenty times a second is not twenty looks at its application. */
const gatherEventsMs = 100;

function queueLiveChange(key: AppKey, { queue, states, adapters }: ApplicationDeps): void {
  const state = states.get(key);
  const sinceLookMs = msSince(adapters.clock, state?.lookedAtMs ?? Number.NEGATIVE_INFINITY);
  if (sinceLookMs >= gatherEventsMs) queue.addUrgent(key);
  else queue.addAfter(key, gatherEventsMs - sinceLookMs);
}

/** The application of a claimant or tracking name: `web`, `team-a_web`, with `#operation` or `#plan` behind it. */
function ownerKey(owner: string, namespace: string): AppKey {
  const [instance = ""] = owner.split("#");
  const at = instance.indexOf("_");
  return at < 0 ? appKey(namespace, instance) : appKey(instance.slice(0, at), instance.slice(at + 1));
}

function reportError(log: Log, key: AppKey, error: unknown): void {
  if (isMooringError(error) && error.retry !== "bug") {
    const level = error.retry === "now" ? "debug" : "warn";
    log[level]("reconcile will be repeated", { app: key, code: error.code, error: error.message });
    return;
  }
  log.error("reconcile hit a bug", {
    app: key,
    error: stackOf(error),
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

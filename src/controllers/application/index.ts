import type { AppKey } from "#core/app/index.ts";
import { appKey, appKeyOf } from "#core/app/index.ts";
import { isMooringError, stackOf } from "#core/errors/index.ts";
import { secretValuesOf } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewString } from "#core/object/index.ts";
import { trackingOf } from "#core/tracking/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import type { Log } from "#runtime/log.ts";
import { runWorkers } from "#runtime/run-workers.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { ClusterBreaker } from "../clusters/breaker.ts";
import { ClusterRegistry } from "../clusters/registry.ts";
import { readConfig } from "../hub/config.ts";
import { CurrentConfig } from "../hub/current-config.ts";
import type { Hub } from "../hub/hub.ts";
import { startHub } from "../hub/hub.ts";
import { applyConfigChange } from "./config-change.ts";
import type { ApplicationDeps } from "./deps.ts";
import { reconcileApplication } from "./reconcile.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import { StatusPace } from "./status-pace.ts";

type OwnersOf = (object: KubeObject) => readonly string[];

export interface ApplicationControllerOptions {
  readonly hub: Cluster;
  /** The control-plane namespace. */
  readonly namespace: string;
  readonly adapters: SourceAdapters;
  /** Opens a cluster's live store; `ownersOf` names the applications whose tracking mark an object carries. */
  readonly openCluster: (record: ClusterRecord, ownersOf: OwnersOf) => LiveStore;
  readonly parseYaml: (text: string) => unknown;
  /** Keyed hash under which secret values are compared and shown. */
  readonly secretHash: (value: string) => string;
  readonly random: () => number;
  readonly redact: (text: string) => string;
  /** Told of the credentials that the configuration holds, before any of them is used. */
  readonly onSecrets: (values: ReadonlySet<string>) => void;
  readonly log: Log;
  readonly statusProcessors: number;
  readonly operationProcessors: number;
  /** Writes at the same time for one application. */
  readonly writeConcurrency: number;
  /** Writes a second that only say which commit an unchanged application was compared with. */
  readonly revisionWritesPerSecond: number;
  readonly onReady?: () => void;
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
  const ownersOf = ownersBy(config);
  const hub = startHub({
    cluster: options.hub,
    namespace: options.namespace,
    log,
    signal,
    onApplication: (_key, before, after) => queueChange(queue, before, after),
    onConfig: (kind, object) => {
      if (kind === "project") queueProject(object, hub, queue);
      else config.markStale();
    },
  });
  await using registry = new ClusterRegistry({
    open: (record) => options.openCluster(record, ownersOf),
    onChange: (_server, change) => {
      for (const owner of change.owners) {
        const key = ownerKey(owner, options.namespace);
        if (hub.applications.get(key) !== undefined) queueLiveChange(key, deps);
      }
    },
  });
  const deps: ApplicationDeps = {
    ...options,
    hub,
    registry,
    breaker: new ClusterBreaker(options.adapters.clock),
    queue,
    config: () => config.get(),
    states: new Map(),
    commits: new Map(),
    pace: new StatusPace(options.adapters.clock, options.revisionWritesPerSecond),
    operations: new Semaphore(options.operationProcessors),
    tasks: new Set(),
  };
  await Promise.race([hub.synced, aborted(signal)]);
  options.onReady?.();
  await runWorkers<AppKey>({
    queue,
    concurrency: options.statusProcessors,
    reconcile: (key, workerSignal) => reconcileApplication(key, deps, workerSignal),
    onError: (key, error) => reportError(log, key, error),
    signal,
  });
  await Promise.all([...deps.tasks, hub.ended]);
}

function queueChange(
  queue: WorkQueue<AppKey>,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): void {
  const object = after ?? before;
  if (object === undefined || !concerns(before, after)) return;
  // Somebody changed it and waits; what is only there is looked at in turn.
  if (before === undefined) queue.add(appKeyOf(object));
  else queue.addUrgent(appKeyOf(object));
}

/** The applications whose mark an object carries, by the way of marking that is in force. */
function ownersBy(config: CurrentConfig): OwnersOf {
  return (object) => {
    const { trackingMethod: method, instanceLabelKey: labelKey, installationId } = config.get().settings;
    const tracked = trackingOf(object, { method, labelKey, installationId });
    return tracked === undefined ? [] : [tracked.app];
  };
}

function queueProject(project: KubeObject, hub: Hub, queue: WorkQueue<AppKey>): void {
  for (const app of hub.applications.values()) {
    const name = viewString(app, "spec", "project") ?? "";
    if ((name === "" ? "default" : name) === project.metadata.name) queue.add(appKeyOf(app));
  }
}

function createQueue({ adapters, random }: ApplicationControllerOptions): WorkQueue<AppKey> {
  return new WorkQueue<AppKey>({
    clock: adapters.clock,
    backoff: { baseMs: 100, factor: 2, maxMs: 60_000, jitter: 0.5 },
    random,
  });
}

/** An object that changes twenty times a second is not twenty looks at its application. */
const gatherEventsMs = 100;

function queueLiveChange(key: AppKey, { queue, states, adapters }: ApplicationDeps): void {
  const state = states.get(key);
  const sinceLookMs = adapters.clock.now() - (state?.lookedAtMs ?? Number.NEGATIVE_INFINITY);
  if (sinceLookMs >= gatherEventsMs) queue.addUrgent(key);
  else queue.addAfter(key, gatherEventsMs - sinceLookMs);
}

/** The application of a claimant or tracking name: `web`, `team-a_web`, with `#operation` or `#plan` behind it. */
function ownerKey(owner: string, namespace: string): AppKey {
  const [instance = ""] = owner.split("#");
  const at = instance.indexOf("_");
  return at < 0 ? appKey(namespace, instance) : appKey(instance.slice(0, at), instance.slice(at + 1));
}

/** False for what the controller wrote itself: a status that moved. */
function concerns(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  const status = (object: KubeObject) =>
    object["status"] as { operationState?: { phase?: string } } | undefined;
  const terminating = status(after)?.operationState?.phase === "Terminating";
  if (terminating && status(before)?.operationState?.phase !== "Terminating") return true;
  const meta = ({ metadata }: KubeObject) => [
    metadata.uid,
    metadata.deletionTimestamp,
    metadata.annotations,
    metadata.labels,
    metadata.finalizers,
  ];
  return (
    !jsonEqual(before["spec"], after["spec"]) ||
    !jsonEqual(before["operation"], after["operation"]) ||
    meta(before).some((field, index) => !jsonEqual(field, meta(after)[index]))
  );
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

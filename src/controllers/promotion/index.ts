import { isMooringError, stackOf } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewArray, viewString } from "#core/object/index.ts";
import { namedApplications, pipelineAnnotation } from "#core/promotion/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import { ContentReader } from "#engine/promotion/content-reader.ts";
import type { HubKey } from "#ports/hub.ts";
import { runWorkers } from "#runtime/run-workers.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { isSourceNews, SourceNews } from "../application/source-news.ts";
import type { HubObserver } from "../hub/observers.ts";
import type { PromotionDeps } from "./deps.ts";
import { reconcilePipeline } from "./reconcile-pipeline.ts";

export interface PromotionControllerOptions extends Omit<
  PromotionDeps,
  "queue" | "heard" | "reported" | "contents" | "noticeNews"
> {
  readonly random: () => number;
  /** Told of the hub's changes from now on. */
  readonly observe: (observer: HubObserver) => Disposable;
  readonly signal: AbortSignal;
}

/** So many pipelines are looked at at the same time. */
const concurrency = 8;

/** Runs the promotion controller until the signal aborts; work in hand ends before it resolves. */
export async function runPromotionController(options: PromotionControllerOptions): Promise<void> {
  const { hub, clock, random, signal, log } = options;
  const queue = new WorkQueue<HubKey>({
    clock,
    backoff: { baseMs: 200, factor: 2, maxMs: 60_000, jitter: 0.5 },
    random,
  });
  const deps: PromotionDeps = {
    ...options,
    queue,
    heard: new Map(),
    reported: new Map(),
    contents: new ContentReader(options.branches),
    noticeNews: (url) => void deps.heard.set(repositoryMatchKey(url), clock.now()),
  };
  using _observing = options.observe(createObserver(deps));
  for (const pipeline of hub.pipelines.values()) queue.add(keyOf(pipeline));
  await runWorkers<HubKey>({
    queue,
    concurrency,
    reconcile: (key, workerSignal) => reconcilePipeline(key, deps, workerSignal),
    onError: (key, error) => {
      if (isMooringError(error) && error.retry !== "bug") {
        const level = error.retry === "now" ? "debug" : "warn";
        log[level]("a pipeline will be looked at again", {
          pipeline: key,
          code: error.code,
          error: error.message,
        });
        return;
      }
      log.error("a look at a pipeline hit a bug", { pipeline: key, error: stackOf(error) });
    },
    signal,
  });
}

function keyOf({ metadata }: KubeObject): HubKey {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

/** Has the pipelines looked at that a change is about. */
function createObserver(deps: PromotionDeps): HubObserver {
  const { hub, queue, clock, heard } = deps;
  const news = new SourceNews(clock);
  const queueWhere = (concerns: (pipeline: KubeObject) => boolean): void => {
    for (const pipeline of hub.pipelines.values()) if (concerns(pipeline)) queue.addUrgent(keyOf(pipeline));
  };
  return {
    onApplication: (key, before, after) => {
      if (!hasNews(before, after)) return;
      queueWhere((pipeline) => applicationsOf(pipeline).has(key));
    },
    onPromotion: (_key, before, after) => {
      const object = after ?? before;
      if (object === undefined) return;
      if (object.kind === "Pipeline") {
        if (after === undefined || isOnlyStatus(before, after)) return;
        // Whoever asks for a look does not mean an answer from before.
        if (before !== undefined && refreshOf(before) !== refreshOf(after))
          for (const url of repositoriesOf(after)) heard.set(url, clock.now());
        queue.addUrgent(keyOf(object));
        return;
      }
      for (const key of pipelinesOf(object, deps)) queue.addUrgent(key);
    },
    onConfig: (_kind, object) => {
      if (object.kind === "ConfigMap" && !isSourceNews(object)) return;
      if (!isSourceNews(object)) {
        queueWhere(() => true);
        return;
      }
      // A name is a URL and a revision with a blank between them.
      const urls = [...news.hear(object)].map((name) => repositoryMatchKey(name.split(" ", 1)[0] ?? ""));
      for (const url of urls) heard.set(url, clock.now());
      if (urls.length > 0)
        queueWhere((pipeline) => repositoriesOf(pipeline).some((url) => urls.includes(url)));
    },
  };
}

function refreshOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[pipelineAnnotation.refresh];
}

/** What a pipeline looks at of an Application. */
function hasNews(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  const part = (object: KubeObject, ...path: readonly string[]): JsonValue | undefined =>
    path.reduce<JsonValue | undefined>(
      (value, field) => (value as { readonly [name: string]: JsonValue } | undefined)?.[field],
      object,
    );
  const looked = [
    ["spec"],
    ["metadata", "deletionTimestamp"],
    ["status", "sync"],
    ["status", "health", "status"],
    ["status", "operationState", "phase"],
    ["status", "operationState", "startedAt"],
  ];
  return looked.some((path) => !jsonEqual(part(before, ...path), part(after, ...path)));
}

/** What the controller wrote itself. */
function isOnlyStatus(before: KubeObject | undefined, after: KubeObject): boolean {
  return (
    before !== undefined &&
    before.metadata.uid === after.metadata.uid &&
    jsonEqual(before["spec"], after["spec"]) &&
    jsonEqual(before.metadata.annotations, after.metadata.annotations) &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp
  );
}

/** The pipeline of a promotion, and those of what is released with it. */
function pipelinesOf(promotion: KubeObject, { hub }: PromotionDeps): ReadonlySet<HubKey> {
  const { namespace = "" } = promotion.metadata;
  const own = `${namespace}/${viewString(promotion, "spec", "pipeline") ?? ""}`;
  const release = viewString(promotion, "spec", "release");
  if (release === undefined) return new Set([own]);
  const mates = [...hub.promotions.values()].filter(
    (object) => object.metadata.namespace === namespace && viewString(object, "spec", "release") === release,
  );
  return new Set([
    own,
    ...mates.map((object) => `${namespace}/${viewString(object, "spec", "pipeline") ?? ""}`),
  ]);
}

/** Objects are replaced, never changed: what was read once of one is read. */
const applications = new WeakMap<KubeObject, ReadonlySet<string>>();

function applicationsOf(pipeline: KubeObject): ReadonlySet<string> {
  const known = applications.get(pipeline);
  if (known !== undefined) return known;
  const found = new Set(namedApplications(pipeline));
  applications.set(pipeline, found);
  return found;
}

function repositoriesOf(pipeline: KubeObject): readonly string[] {
  const urls = [
    viewString(pipeline, "spec", "repoURL"),
    ...viewArray(pipeline, "spec", "stages").map((stage) => viewString(stage, "repoURL")),
  ];
  return urls.flatMap((url) => (url === undefined ? [] : [repositoryMatchKey(url)]));
}

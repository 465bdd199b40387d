import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewString } from "#core/object/index.ts";
import { projectOf } from "#core/project/project-of.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { Hub } from "#ports/hub.ts";
import type { WorkQueue } from "#runtime/work-queue.ts";
import type { CurrentConfig } from "../hub/current-config.ts";
import type { HubOptions } from "../hub/hub.ts";
import type { HubObservers } from "../hub/observers.ts";
import type { StageIndex } from "../promotion/stage-index.ts";
import type { ApplicationDeps } from "./deps.ts";
import { interrupt } from "./interrupt.ts";
import { isSourceNews, noticeNews } from "./source-news.ts";

interface Listening {
  readonly stages: StageIndex;
  readonly observers: HubObservers;
  readonly config: CurrentConfig;
}

/** Who hears of which changes of the hub. */
export function listeners(
  { stages, observers, config }: Listening,
  deps: () => ApplicationDeps,
): Pick<HubOptions, "onApplication" | "onPromotion" | "onConfig"> {
  return {
    onApplication: (key, before, after) => {
      noticeChange(before, after, deps());
      observers.onApplication(key, before, after);
    },
    onPromotion: (key, before, after) => {
      stages.notice(before, after);
      observers.onPromotion(key, before, after);
    },
    onConfig: (kind, object) => {
      if (!noticeObject(object, deps())) config.markStale();
      observers.onConfig(kind, object);
    },
  };
}

function noticeChange(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  deps: ApplicationDeps,
): void {
  const { queue } = deps;
  deps.dependencies.notice(before, after);
  if (after !== undefined) interrupt(after, deps);
  const object = after ?? before;
  if (object === undefined || !concerns(before, after)) return;
  // Somebody changed it and waits; what is only there is looked at in turn.
  if (before === undefined) queue.add(appKeyOf(object));
  else queue.addUrgent(appKeyOf(object));
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

/** False for what says how applications are configured. */
function noticeObject(object: KubeObject, deps: ApplicationDeps): boolean {
  const isNews = isSourceNews(object);
  if (isNews) noticeNews(object, deps);
  if (object.kind === "AppProject") noticeProject(object, deps);
  return isNews || object.kind === "AppProject";
}

function noticeProject({ metadata }: KubeObject, { hub, queue, dependencies }: ApplicationDeps): void {
  const { name = "" } = metadata;
  const project = hub.projects.get(`${hub.namespace}/${name}`);
  dependencies.noticeProject(name, project?.metadata.annotations?.[annotationKey.dependents] ?? "");
  queueProject(name, hub, queue);
}

function queueProject(project: string, hub: Hub, queue: WorkQueue<AppKey>): void {
  const settings = hub.configMaps.get(`${hub.namespace}/argocd-cm`);
  // What only looks like a global project costs a look at applications that nothing follows from.
  const isGlobal = viewString(settings, "data", "globalProjects")?.includes(project) === true;
  for (const app of hub.applications.values()) {
    if (isGlobal || projectOf(app) === project) queue.add(appKeyOf(app));
  }
}

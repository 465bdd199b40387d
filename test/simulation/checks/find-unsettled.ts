import type { Application } from "#core/app/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { entryOf, parseHold, parseLastHealthy } from "#core/rollback/index.ts";
import { parseTrackingId } from "#core/tracking/index.ts";
import type { Stage } from "../workload/acts/index.ts";
import { applications, readApplication, trackingOf } from "../workload/acts/index.ts";
import type { AppModel } from "../workload/apps.ts";
import { kindNames, liveNameOf, manifestOf, resourceOf } from "../workload/objects.ts";
import type { Directory } from "../world/git-content.ts";
import { keptObjects } from "../world/git-content.ts";
import { hubUrl } from "../world/templates.ts";
import type { Judge } from "./judge.ts";

/** What is not yet as Git and the owners of the Applications want it. */
export function findUnsettled(stage: Stage, judge: Judge): readonly string[] {
  return [
    ...[...stage.apps.values()].flatMap((app) => unsettledIn(app, stage, judge)),
    ...leftBehind(stage, judge),
  ];
}

function unsettledIn(app: AppModel, stage: Stage, judge: Judge): readonly string[] {
  const wanted = app.content.directory(app.branch, app.path);
  return [...findDifferences(app, wanted, { stage, judge }), ...statusProblems(app, stage)];
}

/** How what lives differs from a directory that an Application is to have deployed. */
export function findDifferences(
  app: AppModel,
  wanted: Directory,
  { stage, judge }: { readonly stage: Stage; readonly judge: Judge },
): readonly string[] {
  const kept = keptObjects(wanted);
  if (kept === undefined) throw new Error(`${app.name}: its files are broken to the end`);
  const live = stage.world.servers.get(app.server)?.cluster.store;
  const differing = [...kept.values()].flatMap((object) => {
    const key = { resource: resourceOf(object.kind), namespace: app.namespace, name: liveNameOf(object) };
    const found = live?.read(key)?.object;
    if (found === undefined) return [`${app.name}: ${object.kind}/${key.name} is missing`];
    const path = firstDifference(manifestOf(object), found, "");
    return path === undefined ? [] : [`${app.name}: ${object.kind}/${key.name} differs at ${path}`];
  });
  const extra = trackedObjects(stage, app.name)
    .filter(({ server, resource, object }) => {
      const { namespace = "", name = "" } = object.metadata;
      const isWanted =
        server === app.server && namespace === app.namespace && kept.has(`${object.kind}/${name}`);
      return !isWanted && judge.ownership.hasApplied(app.name, server, { resource, namespace, name });
    })
    .map(
      ({ object }) =>
        `${app.name}: ${object.kind}/${object.metadata.namespace}/${object.metadata.name} is to be pruned`,
    );
  return [...differing, ...extra];
}

function statusProblems(app: AppModel, stage: Stage): readonly string[] {
  const object = readApplication(stage, app.name);
  if (object === undefined) return [`${app.name}: there is no Application`];
  const { sync, health, operationState, conditions = [] } = object.status ?? {};
  const head = app.content.commitsOf(app.branch).at(-1);
  const said = [
    `sync ${sync?.status} of ${sync?.revision?.slice(0, 7)}`,
    `health ${health?.status}`,
    `operation ${operationState?.phase ?? "none"}${object.operation === undefined ? "" : ", another one asked for"}`,
  ];
  const wanted = [`sync Synced of ${head?.slice(0, 7)}`, "health Healthy", "operation Succeeded"];
  const wrong = [...said.filter((text, index) => text !== wanted[index]), ...rollbackProblems(app, object)];
  if (wrong.length === 0) return [];
  const why = [
    operationState?.message ?? "",
    ...conditions.map(({ type, message }) => `${type}: ${message}`),
  ];
  return [`${app.name}: ${wrong.join(", ")} (${why.join("; ")})`];
}

/** No hold outlives a commit that is good, and what is good is known to be. */
function rollbackProblems(
  app: AppModel,
  { metadata: { annotations }, status }: Application,
): readonly string[] {
  const hold = parseHold(annotations);
  const isKnown = entryOf(status?.history, parseLastHealthy(annotations)) === status?.history?.at(-1);
  return [
    ...(hold === undefined ? [] : [`a hold is ${hold.state}`]),
    ...(app.goesBack && !isKnown ? ["its last deployment is not known to be healthy"] : []),
  ];
}

interface Tracked {
  readonly server: string;
  readonly resource: string;
  readonly object: KubeObject;
}

/** What carries the mark of an Application and is no hook. */
function trackedObjects({ world }: Stage, app: string): readonly Tracked[] {
  return [...world.servers].flatMap(([server, { cluster }]) =>
    kindNames.flatMap((kind) =>
      cluster.store
        .list({ resource: resourceOf(kind) })
        .filter(({ object }) => {
          const isHook = object.metadata.annotations?.["argocd.argoproj.io/hook"] !== undefined;
          return !isHook && parseTrackingId(trackingOf(object) ?? "")?.app === app;
        })
        .map(({ object }) => ({ server, resource: resourceOf(kind), object })),
    ),
  );
}

/** Applications that somebody removed are gone, and with them their objects, where they have a finalizer. */
function leftBehind(stage: Stage, judge: Judge): readonly string[] {
  const { world, apps } = stage;
  const hub = world.servers.get(hubUrl)?.cluster.store;
  const left = (hub?.list({ resource: applications }) ?? [])
    .map(({ key }) => key.name)
    .filter((name) => !apps.has(name))
    .map((name) => `${name}: the Application is still there`);
  // What one without a finalizer leaves is nobody's any more, whoever has its name after it.
  const taken = [...judge.models].filter(
    ([name, models]) => !apps.has(name) && models.every(({ finalizer }) => finalizer),
  );
  const objects = taken.flatMap(([name]) =>
    trackedObjects(stage, name)
      .filter(({ server, resource, object: { metadata } }) => {
        const { namespace = "", name: of = "" } = metadata;
        return judge.ownership.wasApplied(server, { resource, namespace, name: of });
      })
      .map(({ object }) => `${name}: is gone and left ${object.kind}/${object.metadata.name}`),
  );
  return [...left, ...objects];
}

/** The first field that the wanted object has and the live one has not, or has otherwise. */
function firstDifference(wanted: JsonValue, live: JsonValue | undefined, path: string): string | undefined {
  if (isJsonObject(wanted)) {
    if (!isJsonObject(live)) return path;
    for (const [name, value] of Object.entries(wanted)) {
      const found = value === undefined ? undefined : firstDifference(value, live[name], `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return path;
    return wanted
      .map((value: JsonValue, index) =>
        firstDifference(value, (live as JsonValue[])[index], `${path}[${index}]`),
      )
      .find((found) => found !== undefined);
  }
  return wanted === live ? undefined : path;
}

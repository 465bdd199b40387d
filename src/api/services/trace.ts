import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { Figures } from "#core/delivery/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { TraceLine } from "#ports/delivery-view.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type {
  Figures as FiguresMessage,
  TraceLine as LineMessage,
} from "../contract/gen/mooring/trace_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { projectOf } from "#core/project/project-of.ts";
import { visibleTo } from "./application/read-applications.ts";
import type { Query } from "./application/select-applications.ts";
import { queryMatcher } from "./application/select-applications.ts";
import { presentDelivery } from "./timeline.ts";

const usualLimit = 100;
const maxLimit = 500;
const maxLetters = 600;
const dayMs = 86_400_000;
const usualDays = 30;
/** What happened before is not kept. */
const maxDays = 90;

/** `mooring.trace.TraceService`: what became of changes. */
export function traceMethods(context: ApiContext): ServiceMethods<"trace", Caller> {
  return {
    find: async ({ what = "", kind = "", repo = "", projects = [], limit = 0, continue: after }, call) => {
      const { caller, signal } = call;
      const asked = parseWhat(what);
      const offset = parseOffset(after);
      const apps = visibleApps(context, caller, { repo, projects }).map((app) => appKeyOf(app));
      const request = { apps, what: asked, kind: parseKind(kind), offset, limit: parseLimit(limit), signal };
      const { lines, problems, commits, kind: found, total } = await context.live.deliveries.trace(request);
      const next = offset + lines.length;
      return {
        kind: found,
        commits,
        total,
        problems,
        lines: lines.map((line) => presentLine(line)),
        ...(next < total && lines.length > 0 ? { continue: String(next) } : {}),
      };
    },
    figures: async ({ apps: names = [], projects = [], since }, { caller, signal }) => {
      const untilMs = context.clock.now();
      const sinceMs = parseSince(since, untilMs);
      const seen = visibleApps(context, caller, { projects });
      const apps = names.length === 0 ? seen : named(names, seen, context);
      const byProject = Map.groupBy(apps, (app) => projectOf(app));
      const keysOf = (objects: readonly KubeObject[]): readonly AppKey[] =>
        objects.map((app) => appKeyOf(app));
      const groups = [
        ...apps.map((app) => [appKeyOf(app)]),
        ...[...byProject.values()].map(keysOf),
        keysOf(apps),
      ];
      const told = await context.live.deliveries.figures({ groups, sinceMs, untilMs, signal });
      return {
        since: new Date(sinceMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        applications: apps.map((app, i) => ({
          name: app.metadata.name ?? "",
          appNamespace: app.metadata.namespace ?? "",
          project: projectOf(app),
          ...presentFigures(told[i]),
        })),
        projects: [...byProject.keys()].map((project, i) => ({
          project,
          ...presentFigures(told[apps.length + i]),
        })),
        total: presentFigures(told.at(-1)),
      };
    },
  };
}

/** Those that the caller may see and a query leaves, by project, namespace and name. */
function visibleApps(context: ApiContext, caller: Caller, query: Query): readonly KubeObject[] {
  const isVisible = visibleTo(caller, context);
  const matches = queryMatcher(query);
  const nameOf = (app: KubeObject) =>
    `${projectOf(app)}/${app.metadata.namespace ?? ""}/${app.metadata.name ?? ""}`;
  return [...context.hub.applications.values()]
    .filter((app) => matches(app) && isVisible(app))
    .map((app) => ({ app, name: nameOf(app) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ app }) => app);
}

/** One that the caller may not see is as good as none. */
function named(
  names: readonly string[],
  seen: readonly KubeObject[],
  { hub }: ApiContext,
): readonly KubeObject[] {
  const byKey = new Map<string, KubeObject>(seen.map((app) => [appKeyOf(app), app]));
  return names.map((name) => {
    const found = byKey.get(name.includes("/") ? name : `${hub.namespace}/${name}`);
    if (found !== undefined) return found;
    throw new MooringError(
      "APP_NOT_FOUND",
      `Application/${name.slice(0, 300)}: does not exist, or you may not see it; see the list of applications`,
    );
  });
}

function parseWhat(what: string): string {
  const text = what.trim();
  if (text !== "" && text.length <= maxLetters) return text;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `what: must be a commit, a branch, a tag or an image of at most ${maxLetters} letters; write one`,
  );
}

function parseKind(kind: string): "commit" | "image" | undefined {
  if (kind === "commit" || kind === "image") return kind;
  if (kind === "") return undefined;
  throw new MooringError("API_INVALID_ARGUMENT", "kind: must be commit or image; correct it");
}

function parseLimit(limit: number): number {
  if (limit === 0) return usualLimit;
  if (limit > 0 && limit <= maxLimit) return limit;
  throw new MooringError("API_INVALID_ARGUMENT", `limit: must be 1 to ${maxLimit}; correct it`);
}

function parseOffset(after = ""): number {
  if (after === "") return 0;
  if (/^[0-9]{1,9}$/u.test(after)) return Number(after);
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    "continue: is of no page; leave it out to begin with the first",
  );
}

function parseSince(text = "", nowMs: number): number {
  if (text === "") return nowMs - usualDays * dayMs;
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/u.test(text);
  const timeMs = isTime ? Date.parse(text) : Number.NaN;
  if (timeMs < nowMs && timeMs >= nowMs - maxDays * dayMs - 60_000) return timeMs;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `since: must be a time of the last ${maxDays} days, such as ${new Date(nowMs - 7 * dayMs).toISOString()}; correct it`,
  );
}

function presentLine({ app, delivery, ...line }: TraceLine): ShapeOf<LineMessage> {
  const slash = app.indexOf("/");
  return {
    ...line,
    name: app.slice(slash + 1),
    appNamespace: app.slice(0, slash),
    ...(delivery === undefined ? {} : { delivery: presentDelivery(delivery) }),
  };
}

function presentFigures(figures: Figures | undefined): ShapeOf<FiguresMessage> {
  if (figures === undefined) return {};
  const { isSmall, leadTime, restoreTime, failureRate, ...counts } = figures;
  return {
    ...counts,
    few: isSmall,
    ...(leadTime === undefined ? {} : { leadTime }),
    ...(restoreTime === undefined ? {} : { restoreTime }),
    ...(failureRate === undefined ? {} : { failureRate }),
  };
}

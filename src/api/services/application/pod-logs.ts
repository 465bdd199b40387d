import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gvkOf, viewString } from "#core/object/index.ts";
import type { Cluster, LogLine, LogOptions } from "#ports/cluster.ts";
import { formatTime, msSince } from "#runtime/clock.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationPodLogsQuery, LogEntry } from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication, policyName } from "./find-application.ts";
import { mergeByTime } from "./merge-by-time.ts";
import type { TreeObject } from "./resource-tree.ts";
import { readTree } from "./resource-tree.ts";

type Query = ShapeOf<ApplicationPodLogsQuery>;
type Entry = ShapeOf<LogEntry>;

/** So long the lines of several pods are held to be put in order while they are followed. */
const patienceMs = 100;
/** A log is followed for hours, and permissions may end meanwhile. */
const askAgainMs = 1_000;
/** Argo CD's own number, unless argocd-cm names another. */
const defaultMaxPods = 10;

interface PodLine extends LogLine {
  readonly podName: string;
}

/**
 * The log of a pod, or of all pods that belong to an object of the application, merged by time; the last entry says that it is the last.
 * Needs the permission to read logs beside that to see the application. Throws API_INVALID_ARGUMENT and APP_NOT_FOUND.
 */
export async function* podLogs(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): AsyncIterable<Entry> {
  const { clock } = context;
  const askAgain = permissionOf(context, query, caller);
  const app = askAgain();
  const options = optionsOf(query);
  const isWanted = filterOf(query);
  const untilMs = timeIn(query, "untilTime");
  const { nodes, orphans } = await readTree(context, app, signal);
  // The application's own log has none of what is not the application's.
  const isNamed = `${query.podName ?? ""}${query.resourceName ?? ""}` !== "";
  const pods = podsOf(isNamed ? [...nodes, ...orphans] : nodes, query);
  refusePods(pods, query, { context, app });
  const { cluster } = context.targets.targetOf(appKeyOf(app));
  const leave = new AbortController();
  const reading = AbortSignal.any([signal, leave.signal]);
  const logs = pods.map((pod) => logOf(cluster, pod, { ...options, signal: reading }));
  const merging = {
    patienceMs: query.follow === true ? patienceMs : undefined,
    clock,
    signal: reading,
  };
  try {
    for await (const line of mergeByTime(logs, merging)) {
      if (untilMs !== undefined && Date.parse(line.time) > untilMs) break;
      askAgain();
      if (isWanted(line.text)) yield entryOf(line, clock.now());
    }
  } finally {
    leave.abort();
  }
  if (!signal.aborted) yield { ...entryOf({ time: "", text: "", podName: "" }, clock.now()), last: true };
}

/** Finds the application if the caller may read its logs; asked for every line, the policy is asked once a second. */
function permissionOf(context: ApiContext, query: Query, caller: Caller): () => KubeObject {
  const { clock } = context;
  let known: { readonly app: KubeObject; readonly sinceMs: number } | undefined;
  return () => {
    if (known !== undefined && msSince(clock, known.sinceMs) < askAgainMs) return known.app;
    const app = findApplication(context, query, { caller, action: "get" });
    caller.require({ resource: "logs", action: "get", object: policyName(app, context) });
    known = { app, sinceMs: clock.now() };
    return app;
  };
}

function entryOf({ time, text, podName }: PodLine, nowMs: number): Entry {
  const timeStampStr = time === "" ? new Date(nowMs).toISOString() : time;
  const timeStamp = formatTime(time === "" ? nowMs : Date.parse(time));
  return { content: text, timeStamp, last: false, timeStampStr, podName };
}

/** A log that cannot be opened, such as that of a container that is waiting to start, says so in a line. */
async function* logOf(cluster: Cluster, pod: KubeObject, options: LogOptions): AsyncGenerator<PodLine> {
  const { namespace = "", name: podName = "" } = pod.metadata;
  let isOpen = false;
  try {
    for await (const line of cluster.readLogs({ namespace, name: podName }, options)) {
      isOpen = true;
      yield { ...line, podName };
    }
  } catch (error) {
    if (isOpen || !isMooringError(error)) throw error;
    yield { time: "", text: error.message, podName };
  }
}

function optionsOf(query: Query): Omit<LogOptions, "signal"> {
  const { container = "", sinceSeconds = 0, tailLines = 0, follow = false, previous = false } = query;
  const sinceTime = timeIn(query, "sinceTime") === undefined ? "" : (query.sinceTime ?? "");
  if (sinceSeconds > 0 && sinceTime !== "")
    throw invalid("sinceSeconds", "cannot go with sinceTime; give one");
  if (sinceSeconds < 0) throw invalid("sinceSeconds", `is ${sinceSeconds}; it must be 0 or more`);
  if (tailLines < 0) throw invalid("tailLines", `is ${tailLines}; it must be 0 or more, and 0 is all`);
  return {
    follow,
    previous,
    ...(container === "" ? {} : { container }),
    ...(sinceSeconds === 0 ? {} : { sinceSeconds }),
    ...(sinceTime === "" ? {} : { sinceTime }),
    ...(tailLines === 0 ? {} : { tailLines }),
  };
}

function timeIn(query: Query, field: "sinceTime" | "untilTime"): number | undefined {
  const text = query[field] ?? "";
  if (text === "") return undefined;
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw invalid(field, `is ${JSON.stringify(text)}; it must be a time such as 2026-01-31T12:00:00Z`);
}

function invalid(field: string, problem: string): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `ApplicationPodLogsQuery.${field}: ${problem}`);
}

/** Lines that hold a text; with `!` before it, those that do not. Upper and lower case are the same unless told. */
function filterOf({ filter = "", matchCase = false }: Query): (line: string) => boolean {
  if (filter === "") return () => true;
  const isNegated = filter.startsWith("!");
  const fold = (text: string): string => (matchCase ? text : text.toLowerCase());
  const wanted = fold(isNegated ? filter.slice(1) : filter);
  return (line) => fold(line).includes(wanted) !== isNegated;
}

/** The pods that are named, or those of the objects that are, through all that lies between. */
function podsOf(nodes: readonly TreeObject[], query: Query): readonly KubeObject[] {
  const { podName = "", namespace = "" } = query;
  const parentOf = new Map(nodes.map(({ object, parents }) => [object, parents]));
  const belongs = (object: KubeObject): boolean =>
    isNamed(object, query) || (parentOf.get(object) ?? []).some((parent) => belongs(parent));
  return nodes
    .map(({ object }) => object)
    .filter(
      (object) =>
        object.kind === "Pod" &&
        object.apiVersion === "v1" &&
        (podName === "" || object.metadata.name === podName) &&
        (namespace === "" || object.metadata.namespace === namespace) &&
        belongs(object),
    );
}

function isNamed(object: KubeObject, { kind = "", group = "", resourceName = "" }: Query): boolean {
  return (
    (kind === "" || object.kind === kind) &&
    (group === "" || gvkOf(object).group === group) &&
    (resourceName === "" || object.metadata.name === resourceName)
  );
}

function refusePods(
  pods: readonly KubeObject[],
  { podName = "" }: Query,
  { context: { hub }, app }: { readonly context: ApiContext; readonly app: KubeObject },
): void {
  if (pods.length === 0 && podName !== "") {
    const name = formatAppKey(appKeyOf(app));
    throw new MooringError("APP_NOT_FOUND", `Pod/${podName}: is not part of ${name}; see its resource tree`);
  }
  const settings = hub.configMaps.get(`${hub.namespace}/argocd-cm`);
  const text = viewString(settings, "data", "server.maxPodLogsToRender") ?? "";
  const most = /^\d{1,6}$/u.test(text) ? Number(text) : defaultMaxPods;
  if (pods.length <= most) return;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `max pods to view logs are reached: ${pods.length} pods, and ${most} are allowed; name one, or raise server.maxPodLogsToRender of argocd-cm`,
  );
}

import type { KubeObject } from "#core/object/index.ts";
import type { ApiCall } from "../../caller.ts";
import { createBell } from "../../bell.ts";
import { NumberSet } from "../../number-set.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationWatchEvent } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { ApplicationShape } from "./present-application.ts";
import { presentApplication } from "./present-application.ts";
import { visibleTo } from "./read-applications.ts";
import type { Query } from "./select-applications.ts";
import { queryMatcher } from "./select-applications.ts";

type Event = ShapeOf<ApplicationWatchEvent>;

/**
 * The applications that match as ADDED, then what changes. A client that reads slowly is told the newest state of each and not every one
 * between. What waits for it, and what it was told of, takes a bit for each application, since thousands of streams may be open over
 * thousands of applications. Who may not see an application any more is told that it is gone: permissions are asked again with every event.
 */
export async function* watch(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): AsyncIterable<Event> {
  const matches = queryMatcher(query);
  const isVisible = visibleTo(caller, context);
  const isShown = (app: KubeObject): boolean => matches(app) && isVisible(app);
  const goneEvent = (app: KubeObject): Event => ({
    type: "DELETED",
    application: isVisible(app) ? presentApplication(app) : nameOf(app),
  });
  caller.needsNoPermission();
  const known = new NumberSet();
  const changed = new NumberSet();
  const gone = new Map<number, KubeObject>();
  const bell = createBell(signal);
  using _changes = context.onApplicationChange(({ number, before, after }) => {
    if (after !== undefined) changed.add(number);
    else if (before !== undefined && known.has(number)) gone.set(number, before);
    bell.ring();
  });
  const { resourceVersion = "" } = query;
  for (const [number, app] of context.numberedApplications) {
    if (isAfter(app, resourceVersion)) changed.add(number);
    else if (isShown(app)) known.add(number);
  }
  while (!signal.aborted) {
    for (const [number, app] of gone) {
      gone.delete(number);
      known.delete(number);
      yield goneEvent(app);
    }
    for (const number of changed.takeAll()) {
      const app = context.numberedApplications.get(number);
      if (app === undefined) continue;
      const wasKnown = known.has(number);
      if (isShown(app)) {
        known.add(number);
        yield { type: wasKnown ? "MODIFIED" : "ADDED", application: presentApplication(app) };
      } else if (known.delete(number)) {
        yield goneEvent(app);
      }
    }
    await bell.rung();
  }
}

/** All that is told of an Application which has gone to where its reader sees nothing. */
function nameOf({ apiVersion, kind, metadata }: KubeObject): ApplicationShape {
  const { namespace, name, uid } = metadata;
  return { apiVersion, kind, metadata: { namespace, name, uid }, spec: {} } as ApplicationShape;
}

/** Whether an object is newer than what the client knows; everything is when it knows nothing. */
function isAfter({ metadata }: KubeObject, version: string): boolean {
  const { resourceVersion = "" } = metadata;
  if (!/^\d+$/u.test(version) || !/^\d+$/u.test(resourceVersion)) return true;
  return BigInt(resourceVersion) > BigInt(version);
}

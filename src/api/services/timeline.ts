import { appKeyOf } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { Delivery } from "#core/delivery/index.ts";
import type { StoredDrift } from "#ports/timeline.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { Delivery as DeliveryMessage, Drift } from "../contract/gen/mooring/timeline_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { findApplication } from "./application/find-application.ts";

const usualLimit = 50;
const maxLimit = 200;

/** `mooring.timeline.TimelineService`: what happened to an application. */
export function timelineMethods(context: ApiContext): ServiceMethods<"timeline", Caller> {
  return {
    get: async ({ limit = 0, ...query }, { caller, signal }) => {
      const app = findApplication(context, query, { caller, action: "get" }) as Application;
      const { drifts, deliveries } = await context.live.timeline(appKeyOf(app), parseLimit(limit), signal);
      return {
        drifts: drifts.map((drift) => presentDrift(drift)),
        deliveries: deliveries.map((delivery) => presentDelivery(delivery)),
      };
    },
  };
}

function parseLimit(limit: number): number {
  if (limit === 0) return usualLimit;
  if (limit > 0 && limit <= maxLimit) return limit;
  throw new MooringError("API_INVALID_ARGUMENT", `limit: must be 1 to ${maxLimit}; correct it`);
}

function presentDrift({ key, isHidden, revision, beganMs, endedMs, ...drift }: StoredDrift): ShapeOf<Drift> {
  return {
    ...drift,
    ...parseObjectKey(key),
    hidden: isHidden,
    revisions: revision.split(","),
    began: new Date(beganMs).toISOString(),
    ...(endedMs === undefined ? {} : { ended: new Date(endedMs).toISOString() }),
  };
}

export function presentDelivery({ revision, by, isRollback, ...times }: Delivery): ShapeOf<DeliveryMessage> {
  const { committedMs, seenMs, renderedMs, startedMs, appliedMs, healthyMs } = times;
  const { failedMs, degradedMs, restoredMs } = times;
  const named = {
    seen: seenMs,
    rendered: renderedMs,
    started: startedMs,
    applied: appliedMs,
    healthy: healthyMs,
    failed: failedMs,
    committed: committedMs,
    degraded: degradedMs,
    restored: restoredMs,
  };
  const known = Object.entries(named).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, new Date(ms).toISOString()] as const],
  );
  return {
    revisions: revision.split(","),
    ...Object.fromEntries(known),
    ...(by === undefined ? {} : { by }),
    ...(isRollback === true ? { rollback: true } : {}),
  };
}

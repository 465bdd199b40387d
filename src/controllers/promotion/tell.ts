import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { formatTime } from "#runtime/clock.ts";
import type { PromotionDeps } from "./deps.ts";

export const promotionFieldManager = "mooring-promotion";

export interface Happening {
  readonly about: Pick<KubeObject, "kind"> & {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

const maxMessage = 1024;
let serial = 0;

/** Says in the log and in an Event what happened; what happened stands whether or not the Event can be written. */
export async function tell(
  { about, type, reason, message }: Happening,
  { hub, clock, log }: Pick<PromotionDeps, "hub" | "clock" | "log">,
  signal: AbortSignal,
): Promise<void> {
  const { kind, namespace, name, uid } = about;
  log[type === "Warning" ? "warn" : "info"]("promotion", {
    object: `${kind}/${namespace}/${name}`,
    reason,
    message,
  });
  const nowMs = clock.now();
  const now = formatTime(nowMs);
  serial += 1;
  const event: KubeObject = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name.slice(0, 200)}.${nowMs.toString(16)}${serial.toString(16)}`, namespace },
    involvedObject: { apiVersion: "mooring.dev/v1alpha1", kind, namespace, name, uid },
    reason,
    message: message.slice(0, maxMessage),
    type,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component: "mooring" },
    reportingComponent: "mooring",
    reportingInstance: "mooring",
  };
  try {
    await hub.cluster.create(hubTypes.event, event, { fieldManager: promotionFieldManager, signal });
  } catch (error) {
    if (!isMooringError(error)) throw error;
    log.warn("an event could not be written", {
      object: `${kind}/${namespace}/${name}`,
      error: messageOf(error),
    });
  }
}

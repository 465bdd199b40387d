import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { nameOf, namespaceOf, present, uidOf } from "../base/owned.ts";

/** What happened to an object, as `kubectl describe` tells it. */
export interface Happening {
  readonly object: KubeObject;
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** Who saw it, such as `kubelet`. */
  readonly component: string;
  /** `spec.containers{app}`. */
  readonly fieldPath?: string;
}

/** The Event object that tells of it; `serial` tells events of one moment apart. */
export function eventOf(
  { object, type = "Normal", reason, message, component, fieldPath }: Happening,
  { now, serial }: { readonly now: number; readonly serial: number },
): KubeObject {
  const namespace = namespaceOf(object) || "default";
  const time = formatTime(now);
  const about: JsonObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: nameOf(object),
    namespace: object.metadata.namespace,
    resourceVersion: object.metadata.resourceVersion,
    uid: uidOf(object),
    fieldPath,
  };
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: eventName(object, now, serial), namespace },
    involvedObject: present(about),
    reason,
    message,
    type,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
    reportingInstance: "",
  };
}

/** Unique by the time and a serial number: many things happen in one millisecond. */
function eventName(object: KubeObject, now: number, serial: number): string {
  const stamp = (BigInt(now) << 20n) | BigInt(serial % 2 ** 20);
  return `${nameOf(object).slice(0, 230)}.${stamp.toString(16)}`;
}

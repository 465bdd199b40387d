import type { ObjectKey, ObjectKeyParts } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";

interface TrackingIdParts extends ObjectKeyParts {
  /** The Application's instance name, see `appInstanceName`. */
  readonly app: string;
}

/**
 * The value of the tracking-id annotation: `<app>:<group>/<kind>:<namespace>/<name>`. Argo CD writes the Application's
 * destination namespace into the id of a cluster-scoped object; give it as `namespace` to get the same bytes.
 */
export function trackingId(of: {
  readonly app: string;
  readonly key: ObjectKey;
  readonly namespace?: string;
}): string {
  const { group, kind, namespace, name } = parseObjectKey(of.key);
  return `${of.app}:${group}/${kind}:${namespace === "" ? (of.namespace ?? "") : namespace}/${name}`;
}

/** The parts of a tracking id, or undefined when the text is not one. Names may hold colons (RBAC) but not slashes. */
export function parseTrackingId(value: string): TrackingIdParts | undefined {
  const match = /^([^:/\s]+):([^:/\s]*)\/([^:/\s]+):([^:/\s]*)\/([^/\s]+)$/.exec(value);
  if (match === null) return undefined;
  const [, app = "", group = "", kind = "", namespace = "", name = ""] = match;
  return { app, group, kind, namespace, name };
}

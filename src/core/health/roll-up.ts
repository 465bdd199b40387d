import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { Health } from "./health.ts";
import { worstHealth } from "./health.ts";

/** One resource of an Application, as far as the Application's health depends on it. */
export interface RolledUpResource {
  readonly group?: string;
  readonly kind: string;
  /** Undefined when the kind has no check. */
  readonly health?: Health | undefined;
  /** True when there is no live object; by default, when the health is Missing. */
  readonly absent?: boolean;
  /** Hooks do not count. */
  readonly hook?: boolean;
  /** See `ignoresHealth`. */
  readonly ignored?: boolean;
}

/** True when an object asks to be left out of its Application's health. */
export function ignoresHealth(object: KubeObject): boolean {
  return annotationsOf(object)[annotationKey.ignoreHealthcheck] === "true";
}

/**
 * An Application's health, by the rules of Argo CD 3.4 and later: the worst of the resources that exist, Missing only
 * when none of them does, Healthy when there are none. A child Application that is Missing or Unknown does not count.
 * Like Argo CD's, the result has no message.
 */
export function rollUpHealth(resources: readonly RolledUpResource[]): Health {
  const counted = resources.filter(({ hook, ignored }) => !hook && !ignored);
  if (counted.length > 0 && counted.every(isAbsent)) return { status: "Missing" };
  const healths = counted.flatMap((resource) =>
    resource.health === undefined || isAbsent(resource) || isUncertainChild(resource)
      ? []
      : [resource.health],
  );
  return { status: worstHealth(healths).status };
}

function isAbsent({ absent, health }: RolledUpResource): boolean {
  return absent ?? health?.status === "Missing";
}

function isUncertainChild({ group, kind, health }: RolledUpResource): boolean {
  if (group !== "argoproj.io" || kind !== "Application") return false;
  return health?.status === "Missing" || health?.status === "Unknown";
}

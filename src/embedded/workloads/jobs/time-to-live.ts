import type { KubeObject } from "#core/object/index.ts";
import { conditionsOf } from "../base/conditions.ts";

/** Milliseconds until a Job that has ended is deleted. */
export function timeToLiveMs(job: KubeObject, seconds: number, now: number): number {
  const ended = conditionsOf(job).find(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
  return (Date.parse(ended?.lastTransitionTime ?? "") || now) + seconds * 1000 - now;
}

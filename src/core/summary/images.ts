import type { KubeObject } from "#core/object/index.ts";
import { parseApiVersion, viewArray, viewString } from "#core/object/index.ts";

const template = ["spec", "template", "spec"] as const;

/** Where each kind keeps its pod spec, by `group/Kind`. */
const podSpecPaths: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["/Pod", ["spec"]],
  ["/ReplicationController", template],
  ["apps/DaemonSet", template],
  ["apps/Deployment", template],
  ["apps/ReplicaSet", template],
  ["apps/StatefulSet", template],
  ["argoproj.io/Rollout", template],
  ["batch/CronJob", ["spec", "jobTemplate", ...template]],
  ["batch/Job", template],
]);

const maxImageLength = 1024;

/** The images of a workload's containers of every sort; none for other kinds. */
export function viewImages(object: KubeObject): readonly string[] {
  const path = podSpecPaths.get(`${parseApiVersion(object.apiVersion).group}/${object.kind}`);
  if (path === undefined) return [];
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((field) =>
    viewArray(object, ...path, field).flatMap((container) => {
      const image = viewString(container, "image");
      return image && image.length <= maxImageLength ? [image] : [];
    }),
  );
}

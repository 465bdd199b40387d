import type { KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { nameOf } from "../base/owned.ts";
import { podFromTemplate } from "../base/pod-from-template.ts";
import { rankForDeletion } from "../replica-set/rank-for-deletion.ts";
import { indexAnnotation, indexOf } from "./indexes.ts";
import type { Tally } from "./job-tally.ts";
import { completionsOf, parallelismOf, trackingFinalizer } from "./job-view.ts";

/** How many pods a Job wants to run now. */
function wantedOf(job: KubeObject, { succeeded, active }: Tally): number {
  const completions = completionsOf(job);
  if (completions === undefined) return succeeded > 0 ? active.length : parallelismOf(job);
  return Math.max(0, Math.min(parallelismOf(job), completions - succeeded));
}

/** Pods that a Job runs beyond what it wants. */
export function surplusPods(job: KubeObject, tally: Tally): readonly KubeObject[] {
  const surplus = tally.active.length - wantedOf(job, tally);
  return surplus <= 0 ? [] : rankForDeletion(tally.active).slice(0, surplus);
}

/** The pods that are to be made. */
export function missingPods(job: KubeObject, tally: Tally): readonly KubeObject[] {
  const waits = viewString(job, "spec", "podReplacementPolicy") === "Failed" ? tally.terminating : 0;
  const count = Math.max(0, wantedOf(job, tally) - tally.active.length - waits);
  const plan = {
    owner: job,
    template: viewObject(job, "spec", "template"),
    finalizers: [trackingFinalizer],
  };
  if (tally.completed === undefined) return Array.from({ length: count }, () => podFromTemplate(plan));
  return freeIndexes(job, tally, count).map((index) => {
    const numbered = { [indexAnnotation]: String(index) };
    const pod = podFromTemplate({ ...plan, labels: numbered, annotations: numbered });
    return {
      ...pod,
      metadata: { ...pod.metadata, generateName: `${nameOf(job)}-${index}-` },
      spec: { ...viewObject(pod, "spec"), hostname: `${nameOf(job)}-${index}` },
    };
  });
}

function freeIndexes(job: KubeObject, { completed, active }: Tally, count: number): readonly number[] {
  const taken = new Set([...(completed ?? []), ...active.map(indexOf)]);
  const all = Array.from({ length: completionsOf(job) ?? 0 }, (_, index) => index);
  return all.filter((index) => !taken.has(index)).slice(0, count);
}

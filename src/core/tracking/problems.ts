import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "./annotations.ts";
import { viewCompareOptions } from "./compare-options.ts";
import { viewHooks } from "./hooks.ts";
import { readAnnotationList } from "./read-annotation.ts";
import { viewSyncOptions } from "./sync-options.ts";
import { syncWaveProblems } from "./sync-wave.ts";

/** What is wrong in an object's Argo CD annotations, a sentence each; empty when all of them are understood. */
export function viewAnnotationProblems(object: KubeObject): readonly string[] {
  const hooks = viewHooks(object);
  const hookKey = writtenKey(object, annotationKey.hook, annotationKey.helmHook);
  const policyKey = writtenKey(object, annotationKey.hookDeletePolicy, annotationKey.helmHookDeletePolicy);
  const neverRuns = hooks.types.length === 0 ? "; the object is never applied" : "";
  return [
    ...syncWaveProblems(object),
    ...hooks.unknown.map(
      (name) => `annotation ${hookKey}: ${quote(name)} is not a hook that a sync runs${neverRuns}`,
    ),
    ...hooks.unknownDeletePolicies.map(
      (name) => `annotation ${policyKey}: ${quote(name)} is not a delete policy and is ignored`,
    ),
    ...viewSyncOptions(object).unknown.map(
      (entry) =>
        `annotation ${annotationKey.syncOptions}: ${quote(entry)} has no meaning on an object and is ignored`,
    ),
    ...viewCompareOptions(object).unknown.map(
      (entry) => `annotation ${annotationKey.compareOptions}: ${quote(entry)} is unknown and is ignored`,
    ),
  ];
}

/** Argo CD's annotation wins over Helm's, so it is the one to mend when it is there. */
function writtenKey(object: KubeObject, argoKey: string, helmKey: string): string {
  return readAnnotationList(object, argoKey).length > 0 ? argoKey : helmKey;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

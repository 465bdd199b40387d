import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "./annotations.ts";
import { readAnnotation } from "./read-annotation.ts";

/**
 * The wave in which an object is applied: sync-wave, else helm.sh/hook-weight, else 0. A value that is not a whole
 * number counts as absent.
 */
export function viewSyncWave(object: KubeObject): number {
  return (
    parseWave(readAnnotation(object, annotationKey.syncWave)) ??
    parseWave(readAnnotation(object, annotationKey.helmHookWeight)) ??
    0
  );
}

/** What is wrong with the wave annotations, if anything. */
export function syncWaveProblems(object: KubeObject): readonly string[] {
  return [annotationKey.syncWave, annotationKey.helmHookWeight].flatMap((key) => {
    const text = readAnnotation(object, key);
    if (text === undefined || parseWave(text) !== undefined) return [];
    return [
      `annotation ${key}: ${JSON.stringify(text)} is not a whole number; wave ${viewSyncWave(object)} is used`,
    ];
  });
}

function parseWave(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const wave = Number(text);
  return Number.isSafeInteger(wave) ? wave + 0 : undefined;
}

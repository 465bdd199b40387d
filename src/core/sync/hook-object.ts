import { mayHaveHealth } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { gvkOf, keyOf } from "#core/object/index.ts";
import { hookFinalizer, renameTracked } from "#core/tracking/index.ts";

const shortRunLength = 7;
const notInNames = /[^a-z0-9.-]/gu;

/** What the names of hooks with `generateName` are made of: the same run always gives the same names. */
export interface HookNaming {
  /** The revision, or whatever else stands for what is run; its first seven characters count. */
  readonly run: string;
  /** When the operation or the deletion began, Unix milliseconds. */
  readonly atMs: number;
}

/** A hook under the name that it runs by. */
export interface NamedHook {
  readonly key: ObjectKey;
  readonly desired: KubeObject;
  /** The `generateName` that the name was made from. */
  readonly generateName: string | undefined;
}

/** Names a hook that has only `generateName`: the prefix, the short revision, the phase and the start in Unix seconds. */
export function nameHook(
  { key, desired }: { readonly key: ObjectKey; readonly desired: KubeObject },
  phase: string,
  { run, atMs }: HookNaming,
): NamedHook {
  const { name, generateName } = desired.metadata;
  if (generateName === undefined || (name !== undefined && name !== "")) {
    return { key, desired, generateName: undefined };
  }
  const suffix = `${run.slice(0, shortRunLength)}-${phase}-${Math.floor(atMs / 1_000)}`.toLowerCase();
  const named = renameTracked(desired, `${generateName}${suffix.replaceAll(notInNames, "-")}`);
  return { key: keyOf(named), desired: named, generateName };
}

/**
 * A hook as it is applied: with a finalizer, where its kind may have a result to wait for. A Job that is removed as soon as it has finished
 * (`ttlSecondsAfterFinished`) would be gone before anybody has seen how it ended.
 */
export function withHookFinalizer(desired: KubeObject): KubeObject {
  const finalizers = desired.metadata.finalizers ?? [];
  if (!mayHaveHealth(gvkOf(desired)) || finalizers.includes(hookFinalizer)) return desired;
  return { ...desired, metadata: { ...desired.metadata, finalizers: [...finalizers, hookFinalizer] } };
}

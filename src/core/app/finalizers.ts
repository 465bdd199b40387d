import type { KubeObject } from "#core/object/index.ts";

/** The finalizer that has an Application's objects deleted with it; `/background` and `/foreground` say how. */
const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io";

type DeletionCascade = "foreground" | "background" | "none";

/** How deleting the Application deletes its objects; without a finalizer they stay. Foreground is the default. */
export function cascadeOf(app: KubeObject): DeletionCascade {
  const finalizers = app.metadata.finalizers ?? [];
  if (finalizers.includes(`${resourcesFinalizer}/background`)) return "background";
  return finalizers.some(isResourcesFinalizer) ? "foreground" : "none";
}

/** True for each spelling of the finalizer: all of them go when the objects are gone. */
export function isResourcesFinalizer(finalizer: string): boolean {
  return [
    resourcesFinalizer,
    `${resourcesFinalizer}/foreground`,
    `${resourcesFinalizer}/background`,
  ].includes(finalizer);
}

/** The hooks that run when an Application is deleted: before its objects go, and when all of them are gone. */
export const deletionHookTypes = ["PreDelete", "PostDelete"] as const;
export type DeletionHookType = (typeof deletionHookTypes)[number];

/** Holds an Application until its hooks of that type have run; with `/cleanup` behind it until they are cleaned up. */
const hookFinalizers: Readonly<Record<DeletionHookType, string>> = {
  PreDelete: "pre-delete-finalizer.argocd.argoproj.io",
  PostDelete: "post-delete-finalizer.argocd.argoproj.io",
};

/** What is to be done before an Application that is being deleted may go, and the finalizers that go when it is done. */
export type DeletionStage =
  | {
      readonly do: "run-hooks" | "clean-hooks";
      readonly hooks: DeletionHookType;
      readonly finalizers: readonly string[];
    }
  | { readonly do: "delete-objects"; readonly finalizers: readonly string[] };

/** The first stage that is left of a deletion; undefined when no finalizer of ours is left. */
export function deletionStageOf(finalizers: readonly string[]): DeletionStage | undefined {
  const before = hookStageOf("PreDelete", finalizers);
  if (before !== undefined) return before;
  const cascade = finalizers.filter(isResourcesFinalizer);
  if (cascade.length > 0) return { do: "delete-objects", finalizers: cascade };
  return hookStageOf("PostDelete", finalizers);
}

function hookStageOf(hooks: DeletionHookType, finalizers: readonly string[]): DeletionStage | undefined {
  const finalizer = hookFinalizers[hooks];
  if (finalizers.includes(finalizer)) return { do: "run-hooks", hooks, finalizers: [finalizer] };
  const cleanup = `${finalizer}/cleanup`;
  return finalizers.includes(cleanup) ? { do: "clean-hooks", hooks, finalizers: [cleanup] } : undefined;
}

/**
 * The finalizers of an Application whose desired state has deletion hooks of these types: theirs are put on, those of the other type are
 * taken off. Undefined when it has the right ones.
 */
export function withHookFinalizers(
  finalizers: readonly string[],
  wanted: readonly DeletionHookType[],
): readonly string[] | undefined {
  const ofHooks = (types: readonly DeletionHookType[]) =>
    types.flatMap((type) => [hookFinalizers[type], `${hookFinalizers[type]}/cleanup`]);
  const unwanted = new Set(ofHooks(deletionHookTypes.filter((type) => !wanted.includes(type))));
  const kept = finalizers.filter((finalizer) => !unwanted.has(finalizer));
  const added = ofHooks(wanted).filter((finalizer) => !finalizers.includes(finalizer));
  return kept.length === finalizers.length && added.length === 0 ? undefined : [...kept, ...added];
}

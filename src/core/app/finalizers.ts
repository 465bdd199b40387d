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

/** True for the finalizers that hold an Application until its PreDelete or PostDelete hooks have run. */
export function isHookFinalizer(finalizer: string): boolean {
  return /^(?:pre|post)-delete-finalizer\.argocd\.argoproj\.io(?:\/|$)/.test(finalizer);
}

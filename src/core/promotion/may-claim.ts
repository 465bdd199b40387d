/** Whose objects they are. */
interface Owned {
  readonly namespace: string;
  readonly project: string;
}

/**
 * Whether a Pipeline may have an Application in its stages: one of its own project, and outside of the control plane's namespace one beside it. Otherwise
 * whoever may write a Pipeline could keep applications of others from syncing, or see and sync them.
 */
export function mayClaim(pipeline: Owned, app: Owned, controlPlane: string): boolean {
  const isNear = pipeline.namespace === controlPlane || pipeline.namespace === app.namespace;
  return isNear && pipeline.project === app.project;
}

/** Annotations on managed objects and Applications that Mooring understands, by Argo CD's and Helm's names. */
export const annotationKey = {
  syncWave: "argocd.argoproj.io/sync-wave",
  syncOptions: "argocd.argoproj.io/sync-options",
  compareOptions: "argocd.argoproj.io/compare-options",
  hook: "argocd.argoproj.io/hook",
  hookDeletePolicy: "argocd.argoproj.io/hook-delete-policy",
  trackingId: "argocd.argoproj.io/tracking-id",
  installationId: "argocd.argoproj.io/installation-id",
  ignoreHealthcheck: "argocd.argoproj.io/ignore-healthcheck",
  ignoreResourceUpdates: "argocd.argoproj.io/ignore-resource-updates",
  ignoreRestartPolicy: "argocd.argoproj.io/ignore-restart-policy",
  ignoreDefaultLinks: "argocd.argoproj.io/ignore-default-links",
  refresh: "argocd.argoproj.io/refresh",
  hydrate: "argocd.argoproj.io/hydrate",
  skipReconcile: "argocd.argoproj.io/skip-reconcile",
  clientSideApplyMigrationManager: "argocd.argoproj.io/client-side-apply-migration-manager",
  deletionApproved: "argocd.argoproj.io/deletion-approved",
  /** Mooring's own, on an Application: those that it depends on. */
  dependsOn: "mooring.dev/depends-on",
  /** Mooring's own, on an AppProject: the other projects whose Applications may depend on its own. */
  dependents: "mooring.dev/dependents",
  /** Mooring's own, on hooks of a deletion: which run it is, see `planDeletionHooks`. */
  deletionHookRun: "mooring.dev/deletion-hook-run",
  /** Mooring's own, on Applications, see `core/rollback`: whether and after how long a failed revision is rolled back. */
  rollbackOnFailure: "mooring.dev/rollback-on-failure",
  rollbackDeadline: "mooring.dev/rollback-deadline",
  /** What the controller remembers for that: the deployment that was healthy last, and the revision that is kept from. */
  lastHealthy: "mooring.dev/last-healthy",
  rollbackHold: "mooring.dev/rollback-hold",
  /** Mooring's own, on Applications and projects: whether syncs need an approved plan. */
  requireApproval: "mooring.dev/require-approval",
  /** Mooring's own, on Applications: the plan that an automated sync waits with. */
  waitingPlan: "mooring.dev/waiting-plan",
  /** The plan of the last operation, when it was refused because nobody had approved it. */
  refusedPlan: "mooring.dev/refused-plan",
  /** Whoever may change it may approve. */
  approvedPlan: "mooring.dev/approved-plan",
  helmHook: "helm.sh/hook",
  helmHookWeight: "helm.sh/hook-weight",
  helmHookDeletePolicy: "helm.sh/hook-delete-policy",
  helmResourcePolicy: "helm.sh/resource-policy",
} as const;

/** Annotations that begin with this prefix hold links that the UI shows beside an object. */
export const linkAnnotationPrefix = "link.argocd.argoproj.io/";

/** The label that names the Application under label tracking, unless `application.instanceLabelKey` says otherwise. */
export const defaultInstanceLabelKey = "app.kubernetes.io/instance";

/** Keeps a finished hook readable until its result was seen. */
export const hookFinalizer = "argocd.argoproj.io/hook-finalizer";

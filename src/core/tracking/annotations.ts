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
  ignoreRestartPolicy: "argocd.argoproj.io/ignore-restart-policy",
  ignoreDefaultLinks: "argocd.argoproj.io/ignore-default-links",
  refresh: "argocd.argoproj.io/refresh",
  skipReconcile: "argocd.argoproj.io/skip-reconcile",
  deletionApproved: "argocd.argoproj.io/deletion-approved",
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

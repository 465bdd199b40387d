/** The field manager of every write, the same as Argo CD's, so that taking over from it changes no owner. */
export const fieldManager = "argocd-controller";

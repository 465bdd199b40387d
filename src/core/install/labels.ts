import type { StringMap } from "#core/object/index.ts";

/** What Argo CD's tools select by. */
export const partOf = { "app.kubernetes.io/part-of": "argocd" };

export type Role = "controller" | "server";

/** The name of everything that belongs to a role. */
export function nameOf(role: Role): string {
  return `mooring-${role}`;
}

/** Where Argo CD is, and what is installed unless told. */
export const defaultNamespace = "argocd";

/** The name of what belongs to a role and to no namespace: each installation in a cluster has its own, so that none takes another one's rights. */
export function clusterNameOf(role: Role, namespace: string): string {
  return namespace === defaultNamespace ? nameOf(role) : `${nameOf(role)}-${namespace}`;
}

export function labelsOf(role: Role): StringMap & { readonly "app.kubernetes.io/name": string } {
  return {
    "app.kubernetes.io/name": nameOf(role),
    "app.kubernetes.io/component": role,
    ...partOf,
  };
}

/** What tells the pods of a role. */
export function selectorOf(role: Role): StringMap {
  return { "app.kubernetes.io/name": nameOf(role) };
}

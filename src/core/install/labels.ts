import type { StringMap } from "#core/object/index.ts";

/** What Argo CD's tools select by. */
export const partOf = { "app.kubernetes.io/part-of": "argocd" };

export type Role = "controller" | "server";

/** The name of everything that belongs to a role. */
export function nameOf(role: Role): string {
  return `mooring-${role}`;
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

/** `argocd-cm`: read whole, never throwing; a wrong value leaves its default in force and is reported. */
export * from "./parse.ts";
export { excludesResource } from "./resource-filter.ts";
export * from "./settings.ts";

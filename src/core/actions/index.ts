/**
 * Actions: what may be done with one object beside syncing it, such as restarting a Deployment. Users write them in Lua, in
 * `resource.customizations.actions` of `argocd-cm`; what Argo CD brings along is built in here, a file
 * for each family of kinds.
 */
export type { ActionEffect, ActionInput, ResourceAction } from "./action.ts";
export { builtInActions } from "./built-in.ts";
export { readActions, readEffects } from "./read-actions.ts";

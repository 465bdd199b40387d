/** `argocd-cm`: read whole, never throwing; a wrong value leaves its default in force and is reported. */
export type { ActionScripts } from "./action-scripts.ts";
export type { HealthExpressions } from "./health-expressions.ts";
export type { HealthScript, HealthScripts, LuaHealthScript } from "./health-scripts.ts";
export { findHealthScript } from "./health-scripts.ts";
export { isKnownSetting, knownSettings } from "./known-keys.ts";
export * from "./parse.ts";
export type { KnownTypeFields } from "./customizations.ts";
export { presetKnownTypeFields } from "./presets.ts";
export { excludesResource } from "./resource-filter.ts";
export * from "./settings.ts";

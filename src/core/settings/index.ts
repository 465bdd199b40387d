export * from "./parse.ts";
export { excludesResource } from "./resource-filter.ts";
export type { FilteredKind, ResourceFilter, ResourceRule } from "./resource-filter.ts";
export * from "./settings.ts";

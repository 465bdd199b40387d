export type { Problem } from "#core/crd/parse.ts";
export * from "./key.ts";
export * from "./parse.ts";
export type * from "./types.ts";

/**
 * Argo CD's Application: what it is (`types`, derived from the schemas in `core/crd`), whether an object is one (`parse`), whether
 * it makes sense (`validate`), what of it is not acted on yet (`unsupported`), and the pure parts of its status: conditions,
 * history, the cascade of its deletion.
 *
 * Three levels of wrong: an object that does not fit the schema is APP_INVALID and nothing of it is used; a spec that cannot be
 * deployed has problems, which become InvalidSpecError conditions, and nothing is deployed; a field without effect is reported
 * and the rest is deployed.
 */
export * from "./automated.ts";
export * from "./conditions.ts";
export * from "./finalizers.ts";
export * from "./history.ts";
export * from "./hydration.ts";
export * from "./inventory.ts";
export * from "./key.ts";
export * from "./local-sync.ts";
export * from "./parse.ts";
export * from "./readable-status.ts";
export * from "./source.ts";
export type * from "./types.ts";
export * from "./unsupported.ts";
export * from "./validate.ts";

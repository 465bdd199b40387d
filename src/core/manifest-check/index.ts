/**
 * Whether manifests are what an API server would take, as far as schemas say it: types, fields that are not there, fields that are
 * missing, values out of a list; and whether their API version is still served. Defaults, immutability and rules across fields stay
 * the API server's. Messages name fields and keys, never values: a manifest may be a Secret.
 */
export { apiLife } from "./api-life.ts";
export { checkValue } from "./check-value.ts";
export type { Schema } from "./check-value.ts";
export { schemasOfDefinition } from "./crd-schemas.ts";

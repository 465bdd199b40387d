export { errorCatalog } from "./catalog.ts";
export type { ErrorCode } from "./catalog.ts";
export * from "./mooring-error.ts";

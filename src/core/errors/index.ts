export { errorCatalog } from "./catalog.ts";
export type { ErrorCode, RetryClass } from "./catalog.ts";
export * from "./mooring-error.ts";

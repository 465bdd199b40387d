export { createDataKeys } from "./data-keys.ts";
export type { DataKeysOptions } from "./data-keys.ts";
export { createDataKeysOpener } from "./open-data-keys.ts";
export type { KeyService } from "./key-service.ts";

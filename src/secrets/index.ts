export { createDataKeys } from "./data-keys.ts";
export { createDataKeysOpener } from "./open-data-keys.ts";

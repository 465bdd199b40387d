export * from "./collect-objects.ts";
export * from "./field-path.ts";
export * from "./json.ts";
export * from "./key.ts";
export * from "./object.ts";
export * from "./merge-patch.ts";
export * from "./sharing.ts";
export * from "./version.ts";

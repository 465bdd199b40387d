export * from "./json.ts";
export * from "./key.ts";
export * from "./object.ts";
export * from "./merge-patch.ts";
export * from "./sharing.ts";

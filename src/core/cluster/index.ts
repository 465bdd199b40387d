export type * from "./connection.ts";
export * from "./format-secret.ts";
export * from "./parse-secret.ts";
export * from "./record.ts";
export * from "./resolve.ts";

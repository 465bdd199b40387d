/**
 * Clusters that Applications are deployed to: read from and written to Argo CD's cluster Secrets, and found by a destination.
 * Messages name a Secret and its key, never a value. A record without a connection is the cluster that Mooring itself runs in.
 */
export type * from "./connection.ts";
export * from "./format-secret.ts";
export * from "./parse-secret.ts";
export * from "./record.ts";
export * from "./resolve.ts";

/**
 * Durable state that Kubernetes objects are bad at: long histories. Each port has one contract suite (`audit-contract.ts`), which every
 * adapter runs. SQLite by `node:sqlite` is for one replica of the server; several need a database that they share, which is not there yet.
 */
export type { AuditLimits } from "./sqlite-audit.ts";
export { openLastingAudit } from "./lasting-audit.ts";
export { openSqliteAudit } from "./sqlite-audit.ts";
export { openSqliteTimeline } from "./sqlite-timeline.ts";
export { openSqliteAuditReader } from "./sqlite-audit-reader.ts";

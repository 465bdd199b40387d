/**
 * A backup of a control plane in the format of `argocd admin export`: one YAML stream of ConfigMaps, Secrets, AppProjects, Applications and
 * ApplicationSets, without what a cluster adds to objects, and without the namespace of what is in the control plane's own. Here is what
 * belongs to it, how an object is written down, and what importing one changes; nothing here asks anybody.
 */
export * from "./belongs.ts";
export { backupOf } from "./backup-of.ts";
export { checkBackupObject } from "./check-object.ts";
export type { BackupObject, BackupPlace } from "./check-object.ts";
export { changedFields, planImport } from "./plan-import.ts";
export type { ImportAction, ImportRules } from "./plan-import.ts";
export { DocumentSplitter, endMark } from "./split-documents.ts";
export type { BackupDocument } from "./split-documents.ts";
export { massPruneProblem } from "./mass-prune.ts";

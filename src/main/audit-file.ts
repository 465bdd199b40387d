import path from "node:path";

/** The file of audit records in the directory that `mooring up --data` names. */
export function auditFile(data: string): string {
  return path.join(data, "audit", "audit.db");
}

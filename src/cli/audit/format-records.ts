import type { StoredAuditRecord } from "#ports/audit-store.ts";
import { formatTable } from "../output/table.ts";

const header = ["TIME", "USER", "METHOD", "KIND", "NAME", "RESULT"];
const wideHeader = [
  "PROJECT",
  "NAMESPACE",
  "FROM",
  "TOKEN",
  "PLAN",
  "CHANGES",
  "BEFORE",
  "AFTER",
  "MS",
  "AGENT",
];

/** Records as a table; `wide` has all that a line can hold. */
export function formatRecords(records: readonly StoredAuditRecord[], isWide: boolean): string {
  const rows = records.map((record) => [...cellsOf(record), ...(isWide ? wideCellsOf(record) : [])]);
  return formatTable([isWide ? [...header, ...wideHeader] : header, ...rows].map((row) => row.map(orDash)));
}

/** A record as the API tells it, for programs. */
export function recordAsJson({ timeMs, ...record }: StoredAuditRecord): object {
  const { id, ...rest } = record;
  return { id, time: new Date(timeMs).toISOString(), ...rest };
}

function cellsOf(record: StoredAuditRecord): readonly string[] {
  const { timeMs, user, method, target, code, leftOut } = record;
  const result = leftOut === undefined ? code : `${code} (${leftOut} more)`;
  return [new Date(timeMs).toISOString(), user.name, method, target.kind, target.name, result];
}

function wideCellsOf(record: StoredAuditRecord): readonly string[] {
  const { target, from, user, plan, changes, moreChanges, durationMs } = record;
  const [first] = changes;
  return [
    target.project,
    target.namespace,
    from.client === undefined ? from.address : `${from.client} by ${from.address}`,
    user.tokenId ?? "",
    plan ?? "",
    String(changes.length + moreChanges),
    first?.before ?? "",
    first?.after ?? "",
    String(durationMs),
    from.userAgent,
  ];
}

function orDash(cell: string): string {
  return cell === "" ? "-" : cell;
}

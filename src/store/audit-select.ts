import type { SQLInputValue } from "node:sqlite";
import { MooringError } from "#core/errors/index.ts";
import type { AuditQuery } from "#ports/audit-store.ts";
import { auditOutcomes } from "#ports/audit-store.ts";

interface Select {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Columns that a query may name a value of. */
type Column = "name" | "user" | "project" | "code" | "method" | "kind" | "outcome" | "service" | "namespace";

/** Those with an index, the one that usually leaves the fewest records first. */
const indexed: readonly Column[] = ["name", "user", "project", "code", "method", "kind", "outcome"];

/** Where a page begins: after the last record of the page before. */
export function formatCursor({ timeMs, id }: { readonly timeMs: number; readonly id: number }): string {
  return `${timeMs}.${id}`;
}

/** The records of a query, newest first, with one more than its limit: whether there is a next page. Throws API_INVALID_ARGUMENT. */
export function selectRecords(query: AuditQuery): Select {
  const equal = valuesOf(query);
  const leading = indexed.find((column) => equal.has(column));
  const conditions: (readonly [string, ...SQLInputValue[]])[] = [...equal].map(([column, value]) => [
    // The plus keeps SQLite, which does not know how many records a value leaves, from another column's index.
    `${column === leading ? "" : "+"}${column} = ?`,
    value,
  ]);
  if (query.sinceMs !== undefined) conditions.push(["time >= ?", query.sinceMs]);
  if (query.untilMs !== undefined) conditions.push(["time < ?", query.untilMs]);
  if (query.after !== undefined && query.after !== "") {
    conditions.push(["(time, id) < (?, ?)", ...parseCursor(query.after)]);
  }
  const where =
    conditions.length === 0 ? "" : ` WHERE ${conditions.map(([condition]) => condition).join(" AND ")}`;
  return {
    sql: `SELECT id, record FROM records${where} ORDER BY time DESC, id DESC LIMIT ?`,
    values: [...conditions.flatMap(([, ...values]) => values), query.limit + 1],
  };
}

function valuesOf(query: AuditQuery): ReadonlyMap<Column, string> {
  const { result = "", user, kind, project, namespace, name } = query;
  const [method, service] = (query.method ?? "").split("/").toReversed();
  const outcomes: readonly string[] = auditOutcomes;
  const wanted: readonly (readonly [Column, string | undefined])[] = [
    ["name", name],
    ["user", user],
    ["project", project],
    [outcomes.includes(result) ? "outcome" : "code", result],
    ["method", method],
    ["service", service],
    ["kind", kind],
    ["namespace", namespace],
  ];
  return new Map(
    wanted.flatMap(([column, value]) =>
      value === undefined || value === "" ? [] : [[column, value] as const],
    ),
  );
}

function parseCursor(text: string): readonly [number, number] {
  const [time, id] = /^(\d{1,15})\.(\d{1,15})$/u.exec(text)?.slice(1).map(Number) ?? [];
  if (time !== undefined && id !== undefined) return [time, id];
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    "continue: is none that a page gave out; leave it out to begin with the newest record",
  );
}

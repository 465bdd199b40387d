import { MooringError } from "#core/errors/index.ts";
import type { StoredAuditRecord } from "#ports/audit-store.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { AuditRecord } from "../contract/gen/mooring/audit_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";

const usualLimit = 100;
const maxLimit = 1_000;

/** `mooring.audit.AuditService`: who has asked for what. */
export function auditMethods({ audit }: ApiContext): ServiceMethods<"audit", Caller> {
  return {
    list: async ({ since, until, limit = 0, continue: after, ...filters }, { caller }) => {
      caller.require({ resource: "audit", action: "get", object: "*" });
      const { records, next } = await audit.list({
        ...filters,
        sinceMs: parseTime("since", since),
        untilMs: parseTime("until", until),
        after,
        limit: parseLimit(limit),
      });
      const items = records.map((record) => present(record));
      return { items, ...(next === undefined ? {} : { continue: next }) };
    },
  };
}

function parseTime(field: string, text = ""): number | undefined {
  if (text === "") return undefined;
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/u.test(text);
  const timeMs = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `${field}: must be a time such as 2026-01-31T12:00:00Z; correct it`,
  );
}

function parseLimit(limit: number): number {
  if (limit === 0) return usualLimit;
  if (limit > 0 && limit <= maxLimit) return limit;
  throw new MooringError("API_INVALID_ARGUMENT", `limit: must be 1 to ${maxLimit}; correct it`);
}

function present({ timeMs, ...record }: StoredAuditRecord): ShapeOf<AuditRecord> {
  return { ...record, time: new Date(timeMs).toISOString() };
}

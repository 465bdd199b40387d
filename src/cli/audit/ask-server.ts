import type { ApiClient } from "#api/contract/api-client.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { AuditReader } from "#ports/audit-store.ts";
import { parsePage } from "./parse-record.ts";

/** The records of a server, which is disposed of with the reader. Throws `API_` errors, and CONFIG_INVALID for what are no records. */
export function createServerReader(api: ApiClient, signal: AbortSignal): AuditReader {
  const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    list: async ({ sinceMs, untilMs, after, ...query }) => {
      const asked = { ...query, since: time(sinceMs), until: time(untilMs), continue: after };
      const given = Object.entries(asked).filter(([, value]) => value !== undefined);
      const page = await api.ask.audit.list(Object.fromEntries(given), signal);
      return parsePage(api.address, page as JsonObject);
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

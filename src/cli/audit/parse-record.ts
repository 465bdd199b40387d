import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import type { AuditChange, AuditPage, AuditRecord, StoredAuditRecord } from "#ports/audit-store.ts";
import { auditOutcomes } from "#ports/audit-store.ts";

/** A page as a server tells it. Throws CONFIG_INVALID for what is none. */
export function parsePage(server: string, page: JsonObject): AuditPage {
  const next = viewString(page, "continue") ?? "";
  return {
    records: viewArray(page, "items").map((item) => parseRecord(server, item)),
    next: next === "" ? undefined : next,
  };
}

function parseRecord(server: string, item: JsonValue): StoredAuditRecord {
  const text = (...path: readonly string[]): string => viewString(item, ...path) ?? "";
  const count = (...path: readonly string[]): number => viewNumber(item, ...path) ?? 0;
  const optional = <Name extends string>(name: Name, ...path: readonly string[]) => {
    const value = text(...path);
    return (value === "" ? {} : { [name]: value }) as { readonly [K in Name]?: string };
  };
  const timeMs = Date.parse(text("time"));
  const outcome = auditOutcomes.find((one) => one === text("outcome"));
  if (Number.isNaN(timeMs) || outcome === undefined) throw notAudit(server);
  return {
    id: count("id"),
    timeMs,
    user: {
      name: text("user", "name"),
      subject: text("user", "subject"),
      kind: text("user", "kind") as AuditRecord["user"]["kind"],
      ...optional("tokenId", "user", "tokenId"),
      groups: count("user", "groups"),
    },
    from: {
      address: text("from", "address"),
      ...optional("client", "from", "client"),
      userAgent: text("from", "userAgent"),
    },
    method: text("method"),
    target: {
      kind: text("target", "kind"),
      project: text("target", "project"),
      namespace: text("target", "namespace"),
      name: text("target", "name"),
    },
    ...optional("plan", "plan"),
    outcome,
    code: text("code"),
    durationMs: count("durationMs"),
    changes: viewArray(item, "changes") as unknown as readonly AuditChange[],
    moreChanges: count("moreChanges"),
    ...(count("leftOut") === 0 ? {} : { leftOut: count("leftOut") }),
  };
}

function notAudit(server: string): MooringError {
  return new MooringError(
    "CONFIG_INVALID",
    `${server}: does not answer with audit records; name a server of Mooring`,
  );
}

import { messageOf, MooringError } from "#core/errors/index.ts";
import type { AuditRecord, AuditStore } from "#ports/audit-store.ts";
import type { Log, LogFields } from "#runtime/log.ts";

export interface RecordKeeperOptions {
  readonly store: Pick<AuditStore, "append">;
  readonly log: Log;
  /** Nothing is written through the API while records are not kept. */
  readonly isRequired: boolean;
}

/** Has records kept, and holds on to those that the store does not take until it takes them again. */
export interface RecordKeeper {
  /** Resolves when the record is kept, or when it is clear that it is not; never rejects. */
  readonly keep: (record: AuditRecord) => Promise<void>;
  /** Before something is written. Throws STORE_UNAVAILABLE where records are required and the store does not take those that wait. */
  readonly assertReady: () => Promise<void>;
  readonly isFailing: () => boolean;
}

/** So many records wait in memory for a store that does not take them; of more, the oldest are in the log alone. */
const maxWaiting = 1_000;

export function createRecordKeeper({ store, log, isRequired }: RecordKeeperOptions): RecordKeeper {
  const waiting: AuditRecord[] = [];
  let failure: unknown;
  let dropped = 0;
  let last = Promise.resolve();
  const flush = async (): Promise<void> => {
    try {
      for (let [next] = waiting; next !== undefined; [next] = waiting) {
        await store.append(next);
        waiting.shift();
      }
    } catch (error) {
      if (failure === undefined) {
        const until = isRequired
          ? "they are, nothing is written"
          : "they are, requests go on, and this log has them";
        log.error("audit records are not kept", { error: messageOf(error), until });
      }
      failure = error;
      return;
    }
    if (failure !== undefined) log.warn("audit records are kept again", { missing: dropped });
    failure = undefined;
    dropped = 0;
  };
  /** One at a time, so that records are kept in their order, each once. */
  const flushed = (): Promise<void> => (last = last.then(flush));
  return {
    keep: (record) => {
      log.info("audit", logFieldsOf(record));
      waiting.push(record);
      if (waiting.length > maxWaiting) {
        waiting.shift();
        dropped += 1;
      }
      return flushed();
    },
    assertReady: async () => {
      if (!isRequired || failure === undefined) return;
      await flushed();
      if (failure === undefined) return;
      throw new MooringError(
        "STORE_UNAVAILABLE",
        "audit records are not kept, so nothing is changed now; have the store mended as the server's log says, or unset MOORING_AUDIT_REQUIRED",
        { cause: failure },
      );
    },
    isFailing: () => failure !== undefined,
  };
}

/** A record as one line of the log. */
function logFieldsOf(record: AuditRecord): LogFields {
  const { user, from, target, changes, moreChanges } = record;
  const [first] = changes;
  return {
    at: new Date(record.timeMs).toISOString(),
    user: user.name,
    subject: user.subject === user.name ? undefined : user.subject,
    account: user.kind,
    token: user.tokenId,
    groups: user.groups,
    from: from.address,
    client: from.client,
    agent: from.userAgent,
    method: record.method,
    kind: target.kind,
    project: target.project,
    namespace: target.namespace,
    name: target.name,
    plan: record.plan,
    result: record.code,
    ms: record.durationMs,
    changes: changes.length + moreChanges,
    leftOut: record.leftOut,
    before: first?.before,
    after: first?.after,
  };
}

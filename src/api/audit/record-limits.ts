import type { AuditRecord } from "#ports/audit-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { addressPrefix } from "../auth/throttle/address-prefix.ts";
import { FailureBudget } from "../auth/throttle/failure-budget.ts";

const minuteMs = 60_000;
/** Records a minute of what one caller was refused, and as many of what failed. */
const perCaller = 60;
/** The same of all together who are nobody in particular: they may come from any number of addresses. */
const perNobodies = 600;
const maxCallers = 10_000;
/** What of more callers is left out within a minute is counted together. */
const maxCounts = 1_000;

export interface RecordLimitsOptions {
  readonly clock: Clock;
  readonly keep: (record: AuditRecord) => Promise<void>;
}

/** Keeps a flood of requests that do nothing from being a flood of records. */
export interface RecordLimits extends AsyncDisposable {
  /** Has the record kept, or counted: then the last of a minute is kept, with how many there were beside it. */
  readonly keep: (record: AuditRecord) => Promise<void>;
}

interface LeftOut {
  readonly last: AuditRecord;
  /** Beside the last. */
  readonly count: number;
}

/** Dispose of it to have what it has counted kept. */
export function createRecordLimits({ clock, keep }: RecordLimitsOptions): RecordLimits {
  const budget = (limit: number, maxKeys: number) =>
    new FailureBudget({ limit, windowMs: minuteMs, maxKeys, clock });
  const ofCallers = budget(perCaller, maxCallers);
  const ofNobodies = budget(perNobodies, 2);
  const leftOut = new Map<string, LeftOut>();
  let alarm: Disposable | undefined;
  const tell = async (): Promise<void> => {
    alarm?.[Symbol.dispose]();
    alarm = undefined;
    const told = [...leftOut.values()];
    leftOut.clear();
    await Promise.all(told.map(({ last, count }) => keep(count === 0 ? last : { ...last, leftOut: count })));
  };
  const count = (caller: string, last: AuditRecord): void => {
    const key = leftOut.has(caller) || leftOut.size < maxCounts ? caller : last.outcome;
    leftOut.set(key, { last, count: (leftOut.get(key)?.count ?? -1) + 1 });
    // `keep` never rejects: it tells the log of what it cannot keep.
    alarm ??= clock.after(minuteMs, () => void tell());
  };
  /** What has no budget left; undefined when the record is to be kept. */
  const spent = (record: AuditRecord): string | undefined => {
    const caller = `${record.outcome} ${callerOf(record)}`;
    const taken = ofCallers.spend(caller);
    if (taken !== "taken") return taken === "spent" ? caller : record.outcome;
    const isSpent = isNobody(record) && ofNobodies.spend(record.outcome) !== "taken";
    return isSpent ? record.outcome : undefined;
  };
  return {
    keep: async (record) => {
      const key = didNothing(record) ? spent(record) : undefined;
      if (key === undefined) await keep(record);
      else count(key, record);
    },
    [Symbol.asyncDispose]: tell,
  };
}

function didNothing({ outcome, changes }: AuditRecord): boolean {
  return outcome !== "ok" && changes.length === 0;
}

function isNobody({ user }: AuditRecord): boolean {
  return user.kind === "nobody" || user.kind === "anonymous";
}

function callerOf(record: AuditRecord): string {
  const { user, from } = record;
  if (!isNobody(record)) return `${user.kind} ${user.subject}`;
  const address = from.client ?? from.address;
  return `from ${addressPrefix(address) ?? address}`;
}

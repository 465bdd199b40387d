/** How far back deliveries count. */
export const spans = [
  ["7d", "The last 7 days"],
  ["30d", "The last 30 days"],
  ["90d", "The last 90 days"],
] as const;
export type SpanName = (typeof spans)[number][0];

export const orders = [
  ["name", "Name"],
  ["leadTime", "Lead time, the longest first"],
  ["frequency", "Frequency, the most first"],
  ["failureRate", "Failures, the most first"],
  ["restoreTime", "Time to restore, the longest first"],
] as const;
export type Order = (typeof orders)[number][0];

/** What the page shows, as it stands in the address. */
export interface DeliverySearch {
  /** The commit or image that is looked for. */
  readonly what?: string;
  readonly project?: string;
  /** 30 days when it is left out. */
  readonly last?: SpanName;
  /** By name when it is left out. */
  readonly order?: Order;
}

const maxLetters = 600;

/** What can be read of an address; what is nothing of it is left out. */
export function parseDeliverySearch(search: Readonly<Record<string, unknown>>): DeliverySearch {
  const { what, project, last, order } = search;
  const span = spans.find(([value]) => value === last)?.[0];
  const chosen = orders.find(([value]) => value === order)?.[0];
  // A commit of digits alone is read as a number.
  const text = typeof what === "number" ? String(what) : what;
  return {
    ...(typeof text === "string" && text.trim() !== "" ? { what: text.trim().slice(0, maxLetters) } : {}),
    ...(typeof project === "string" && project !== "" ? { project } : {}),
    ...(span === undefined || span === "30d" ? {} : { last: span }),
    ...(chosen === undefined || chosen === "name" ? {} : { order: chosen }),
  };
}

const dayMs = 86_400_000;

/** The first moment that counts. Whole minutes, so that the same question is asked again for a while. */
export function sinceOf(last: SpanName | undefined, nowMs: number): string {
  const days = Number.parseInt(last ?? "30d", 10);
  return new Date(Math.ceil((nowMs - days * dayMs) / 60_000) * 60_000).toISOString();
}

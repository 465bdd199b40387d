export const textFilters = ["user", "method", "kind", "project", "namespace", "name", "result"] as const;
type TextFilter = (typeof textFilters)[number];

/** Which records are shown, as it stands in the address. */
export type AuditSearch = Readonly<Partial<Record<TextFilter | "last" | "since" | "until", string>>>;

/** How far back is looked; `between` has times of its own. */
export const spans: readonly (readonly [value: string, text: string])[] = [
  ["", "Any time"],
  ["1h", "The last hour"],
  ["24h", "The last 24 hours"],
  ["7d", "The last 7 days"],
  ["30d", "The last 30 days"],
  ["between", "Between…"],
];

const spanMs: Readonly<Record<string, number>> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

/** What can be read of an address; what is no filter is left out. */
export function parseAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const texts = textFilters.map((name) => [name, search[name]] as const);
  const { last, since, until } = search;
  const isBetween = last === "between";
  const times = isBetween ? [["since", since] as const, ["until", until] as const] : [];
  return Object.fromEntries([
    ...texts.filter(([, value]) => typeof value === "string" && value !== ""),
    ...(spans.some(([value]) => value === last && value !== "") ? [["last", last] as const] : []),
    ...times.filter(([, value]) => typeof value === "string" && !Number.isNaN(Date.parse(value))),
  ]) as AuditSearch;
}

/** The same with one filter set, or taken away by an empty text. */
export function withFilter(search: AuditSearch, name: keyof AuditSearch, value: string): AuditSearch {
  const { [name]: _old, ...rest } = search;
  if (name === "last") {
    const { since: _since, until: _until, ...others } = rest as AuditSearch;
    return value === "" ? others : { ...others, last: value };
  }
  return value === "" ? rest : { ...rest, [name]: value };
}

/** The filters as the API takes them at a moment. */
export function auditQueryOf(search: AuditSearch, nowMs: number): AuditSearch {
  const { last = "", since, until, ...texts } = search;
  const backMs = spanMs[last];
  const trimmed = Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, value.trim()]),
  ) as AuditSearch;
  return {
    ...trimmed,
    ...(backMs === undefined ? {} : { since: new Date(nowMs - backMs).toISOString() }),
    ...(last === "between" && since !== undefined ? { since: new Date(since).toISOString() } : {}),
    ...(last === "between" && until !== undefined ? { until: new Date(until).toISOString() } : {}),
  };
}

const unitSeconds: Readonly<Record<string, number>> = {
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** How long a token is good for, as people write it; the first is what is offered. */
export const lifetimes: readonly (readonly [value: string, text: string])[] = [
  ["30d", "30 days"],
  ["1d", "A day"],
  ["7d", "7 days"],
  ["90d", "90 days"],
  ["1y", "A year"],
  ["other", "Another time…"],
  ["never", "For ever"],
];

/** Seconds of a lifetime such as `90m`, `12h`, `45d`, `2w` or `1y`, 0 for `never`; undefined for what is none. */
export function secondsOf(lifetime: string): number | undefined {
  const text = lifetime.trim();
  if (text === "never") return 0;
  const [, count = "", unit = ""] = /^(\d{1,6})\s*([mhdwy])$/u.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

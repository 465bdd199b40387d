const units = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** How long something took, in its largest unit: `1.5 h`, `40 s`. */
export function formatSpan(ms: number): string {
  const length = Math.max(0, ms);
  const [size, name] = units.find(([one]) => length >= one) ?? [1_000, "s"];
  const count = length / size;
  return `${count < 10 ? count.toFixed(1) : Math.round(count)} ${name}`;
}

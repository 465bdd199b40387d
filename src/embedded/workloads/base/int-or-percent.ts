import type { JsonValue } from "#core/object/index.ts";

/** A number, or a percentage of a total. */
export function resolveIntOrPercent(
  value: JsonValue | undefined,
  total: number,
  round: "up" | "down",
): number {
  if (typeof value === "number") return value;
  const percent = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  if (percent === undefined) return 0;
  const exact = (Number(percent) * total) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}

import type { HealthCheck } from "../check.ts";
import { checkOfRow } from "./evaluate.ts";
import { families } from "./families.ts";

const checks: ReadonlyMap<string, HealthCheck> = new Map(
  families.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const check = "check" in row ? row.check : checkOfRow(row);
      return row.groups
        .split(" ")
        .flatMap((group) => row.kinds.split(" ").map((kind) => [`${group}/${kind}`, check] as const));
    }),
  ),
);

/**
 * The check that the table has for a custom kind. The nearest group decides: the group itself, then its parents as
 * wildcards; within one, the kind before `*`. A few look-ups, never a walk through the table.
 */
export function customCheckOf(group: string, kind: string): HealthCheck | undefined {
  let scope = group;
  for (let from = 0; from >= 0; from = group.indexOf(".", from + 1)) {
    if (from > 0) scope = `*${group.slice(from)}`;
    const check = checks.get(`${scope}/${kind}`) ?? checks.get(`${scope}/*`);
    if (check !== undefined) return check;
  }
  return undefined;
}

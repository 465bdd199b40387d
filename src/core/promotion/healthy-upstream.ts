import { parseTime } from "#core/cron/index.ts";
import type { StageStatus } from "./types.ts";

type Passed = NonNullable<StageStatus["passed"]>;
type Held = Pick<StageStatus, "revision" | "health" | "healthySince">;

/** Keeps with the revision that a stage holds since when it has been healthy there, and that it ceased to be. */
export function withHealth(passed: Passed, { revision, health, healthySince }: Held, now: string): Passed {
  return passed.map((one) => {
    if (one.revision !== revision) return one;
    const { until: _, ...well } = one;
    if (health !== "Healthy") return { ...one, until: one.until ?? now };
    return healthySince === undefined ? well : { ...well, since: healthySince };
  });
}

/**
 * Since when a revision has been healthy in a stage; undefined when it is not. One that was well when the stage moved on stays so: what came after
 * builds upon it, unless it was taken back.
 */
export function healthySinceMs(
  status: (Held & Pick<StageStatus, "passed" | "hold">) | undefined,
  revision: string,
): number | undefined {
  if (status === undefined || status.hold?.revisions.includes(revision) === true) return undefined;
  if (status.revision === revision)
    return status.health === "Healthy" ? parseTime(status.healthySince ?? "") : undefined;
  const past = status.passed?.find((one) => one.revision === revision);
  return past?.until === undefined ? parseTime(past?.since ?? "") : undefined;
}

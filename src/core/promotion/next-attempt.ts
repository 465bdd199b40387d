import type { Promotion } from "./promotion.ts";
import { hasEnded } from "./promotion.ts";

/** Which attempt the next of the same is; undefined while one of them has not ended. */
export function nextAttempt(same: readonly Pick<Promotion, "spec" | "status">[]): number | undefined {
  if (same.some((each) => !hasEnded(each))) return undefined;
  return Math.max(0, ...same.map(({ spec }) => spec.attempt ?? 1)) + 1;
}

import { rollbackTarget, writtenPromotions } from "./decide-rollback.ts";
import type { Promotion } from "./promotion.ts";
import { hasEnded } from "./promotion.ts";

export interface PruneQuestion {
  /** Of one stage. */
  readonly promotions: readonly Pick<Promotion, "name" | "spec" | "status" | "createdAt">[];
  /** Which brought what the stage has. */
  readonly current: string | undefined;
  readonly limit: number;
}

/** The names of ended promotions that nobody needs any more, the oldest first. */
export function decidePrune({ promotions, current, limit }: PruneQuestion): readonly string[] {
  const open = promotions.filter((each) => !hasEnded(each));
  const before = rollbackTarget(undefined, promotions);
  const kept = new Set([
    current,
    writtenPromotions(promotions)[0]?.name,
    ...(before?.kind === "promotion" ? [before.promotion.name] : []),
    ...open.map(({ spec }) => spec.rollbackTo),
    writtenPromotions(promotions)[0]?.spec.rollbackTo,
  ]);
  const ended = promotions
    .filter((each) => hasEnded(each))
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
  return ended
    .slice(limit)
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => name)
    .toReversed();
}

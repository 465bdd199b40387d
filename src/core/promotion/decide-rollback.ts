import type { Promotion } from "./promotion.ts";

type Written = Pick<Promotion, "name" | "spec" | "status">;

/** The promotions of a stage that changed it, newest first. */
export function writtenPromotions<P extends Written>(promotions: readonly P[]): readonly P[] {
  return promotions
    .filter(({ status }) => status.writtenAt !== undefined && status.commit !== undefined)
    .toSorted((a, b) => compareTexts(b.status.writtenAt, a.status.writtenAt) || compareTexts(b.name, a.name));
}

function compareTexts(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type RollbackTarget<P extends Written> =
  | { readonly kind: "promotion"; readonly promotion: P }
  /** What was there before the first of them. */
  | { readonly kind: "start"; readonly commit: string };

/**
 * What a rollback leads to: the promotion that it names, or the last good one before what the stage has now. Undefined when there is none. `rollbackTo`
 * is empty for what was there before the first promotion.
 */
export function rollbackTarget<P extends Written>(
  wanted: string | undefined,
  promotions: readonly P[],
): RollbackTarget<P> | undefined {
  const written = writtenPromotions(promotions);
  if (wanted !== undefined && wanted !== "") {
    const named = written.find(({ name }) => name === wanted);
    return named === undefined ? undefined : { kind: "promotion", promotion: named };
  }
  const [current, ...earlier] = written;
  const good = earlier.find(
    ({ spec, status }) => status.phase === "Succeeded" && spec.revision !== current?.spec.revision,
  );
  if (wanted === undefined && good !== undefined) return { kind: "promotion", promotion: good };
  const commit = written.at(-1)?.status.base;
  return commit === undefined ? undefined : { kind: "start", commit };
}

/** The promotions whose revisions a rollback takes back, newest first. */
export function takenBack<P extends Written>(
  target: RollbackTarget<P>,
  promotions: readonly P[],
): readonly P[] {
  const written = writtenPromotions(promotions).filter(({ spec }) => spec.kind === "Promote");
  if (target.kind === "start") return written;
  const { name, spec, status } = target.promotion;
  return written.filter(
    (each) =>
      each.name !== name &&
      each.spec.revision !== spec.revision &&
      compareTexts(each.status.writtenAt, status.writtenAt) > 0,
  );
}

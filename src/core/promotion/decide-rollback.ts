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

/** `rollbackTo` of what was there before the first promotion. */
export const startOfStage = "";

/**
 * What a rollback leads to: the promotion that it names, or the last good one before what the stage has now, which `current` names where that is not
 * written yet. Undefined when there is none. Who goes back twice goes on from where the first rollback led to.
 */
export function rollbackTarget<P extends Written>(
  wanted: string | undefined,
  promotions: readonly P[],
  current?: string,
): RollbackTarget<P> | undefined {
  const written = writtenPromotions(promotions);
  if (wanted === startOfStage) return startOf(written);
  if (wanted !== undefined) {
    const named = written.find(({ name }) => name === wanted);
    return named === undefined ? undefined : { kind: "promotion", promotion: named };
  }
  const there = current === undefined ? written[0] : promotions.find(({ name }) => name === current);
  if (there?.spec.kind === "Rollback" && there.spec.rollbackTo === startOfStage) return undefined;
  const good = earlierThan(there, written).find(
    ({ spec, status }) =>
      status.phase === "Succeeded" &&
      spec.revision !== there?.spec.revision &&
      !isTakenBack(spec.revision, written),
  );
  return good === undefined ? startOf(written) : { kind: "promotion", promotion: good };
}

function startOf<P extends Written>(written: readonly P[]): RollbackTarget<P> | undefined {
  const commit = written.at(-1)?.status.base;
  return commit === undefined ? undefined : { kind: "start", commit };
}

/** What was written before the content that a promotion brought: before its target, where it is a rollback. */
function earlierThan<P extends Written>(there: P | undefined, written: readonly P[]): readonly P[] {
  const at = written.findIndex(({ name }) => name === there?.name);
  const target = written.findIndex(({ name }) => name === there?.spec.rollbackTo);
  return written.slice(Math.max(at, target) + 1);
}

/** A rollback to what was taken back itself later is no good one. */
function isTakenBack(revision: string, written: readonly Written[]): boolean {
  const last = written.find(({ spec }) => spec.kind === "Promote" && spec.revision === revision);
  return last?.status.phase === "RolledBack";
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

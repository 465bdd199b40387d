import { resolvePlanOptions } from "#core/sync/index.ts";

/** As for syncs: few objects may go, and of many no more than half. */
const { maxPruneCount, maxPruneShare } = resolvePlanOptions();

/** Why so many objects are not deleted by an import; undefined when they may be. */
export function massPruneProblem(pruned: number, all: number): string | undefined {
  if (pruned <= maxPruneCount || pruned <= all * maxPruneShare) return undefined;
  return `would delete ${pruned} of the ${all} objects that are here, more than ${maxPruneCount} and more than ${Math.round(maxPruneShare * 100)} % of them; check that this is the backup and the cluster that you mean, then add --allow-mass-prune`;
}

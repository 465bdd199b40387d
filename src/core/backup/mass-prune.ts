/** So few may always go. */
const few = 3;
/** Up to so many, half of all may go; above, a fifth. */
const some = 20;

/**
 * Why so many objects are not deleted by an import; undefined when they may be. The limits are tighter than those of syncs: what is deleted
 * here are applications, and the backup of another or a young installation lacks nearly all of them, few as they may be.
 */
export function massPruneProblem(pruned: number, all: number): string | undefined {
  const most = Math.max(few, Math.min(Math.floor(all / 2), Math.max(some, Math.floor(all / 5))));
  if (pruned <= most) return undefined;
  return `would delete ${pruned} of the ${all} objects that are here, and of so many at most ${most} without being told; check that this is the backup and the cluster that you mean, then add --allow-mass-prune`;
}

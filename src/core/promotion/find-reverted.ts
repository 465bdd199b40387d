import type { Promotion } from "./promotion.ts";

/** The commits that a message says it undoes, as `git revert` writes it. */
export function revertedCommits(message: string): readonly string[] {
  return [...message.matchAll(/^This reverts commit ([0-9a-f]{7,64})\b/gimu)].flatMap(([, sha]) => sha ?? []);
}

/** The promotions that brought any of these commits. */
export function promotionsOfCommits<P extends Pick<Promotion, "spec" | "status">>(
  commits: readonly string[],
  promotions: readonly P[],
): readonly P[] {
  const isNamed = (id: string | undefined) =>
    id !== undefined && commits.some((each) => id.startsWith(each.toLowerCase()));
  return promotions.filter(
    ({ spec, status }) =>
      spec.kind === "Promote" &&
      status.writtenAt !== undefined &&
      (isNamed(spec.revision) ||
        isNamed(status.commit) ||
        (status.commits ?? []).some(({ commit }) => isNamed(commit))),
  );
}

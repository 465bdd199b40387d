import type { PromotionStatus } from "./types.ts";

interface ReadCommit {
  readonly commit: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly subject: string;
  readonly committedAt: string;
}

interface ReadCommits {
  /** Newest first. */
  readonly commits: readonly ReadCommit[];
  /** False when there are more than were read. */
  readonly isComplete: boolean;
}

const shownCommits = 50;
const shownAuthors = 200;

/** What a promotion's status tells of commits: the newest, and all who wrote any of them. */
export function toldCommits({
  commits,
  isComplete,
}: ReadCommits): Pick<PromotionStatus, "commits" | "authors" | "authorsCut"> {
  const authors = new Map(
    commits.map(({ author: { name, email } }) => [JSON.stringify([name, email]), { name, email }]),
  );
  const isCut = !isComplete || authors.size > shownAuthors;
  return {
    commits: commits.slice(0, shownCommits).map(({ commit, author, subject, committedAt }) => ({
      commit,
      author: author.name,
      email: author.email,
      subject,
      at: committedAt,
    })),
    authors: [...authors.values()].slice(0, shownAuthors),
    authorsCut: isCut,
  };
}

import type { Promotion, RollbackTarget, Stage } from "#core/promotion/index.ts";
import { shortCommit } from "#core/promotion/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import type { CommitList, Conflict, GitBranches, Preparation } from "#ports/git-branches.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import { findLostCommits } from "./find-lost-commits.ts";

export interface ChangeRequest {
  readonly promotion: Promotion;
  /** Of the stage. */
  readonly promotions: readonly Promotion[];
  readonly stage: Stage;
  /** The stage that people commit to, whose content is promoted. */
  readonly source: { readonly access: RepositoryAccess; readonly path: string };
  readonly access: RepositoryAccess;
  /** The stage's tip; undefined where its branch is not there yet. */
  readonly base: string | undefined;
  /** What the stage's content corresponds to, as far as that is known. */
  readonly holds: string | undefined;
  readonly subject: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly dateMs: number;
  readonly signingKey: SigningKey | undefined;
  readonly signal: AbortSignal;
}

export type Change =
  /** `commit` is the tip itself when nothing is to be written. */
  | { readonly kind: "ready"; readonly commit: string }
  | { readonly kind: "impossible"; readonly message: string };

const shownConflicts = 10;

/** Makes the commit that brings a revision into a stage, or finds that the revision itself will do. */
export async function prepareChange(branches: GitBranches, request: ChangeRequest): Promise<Change> {
  const { promotion, stage, base } = request;
  const { revision } = promotion.spec;
  if (stage.write.by === "copy") return await copy(branches, request);
  if (base === undefined) return { kind: "ready", commit: revision };
  if (stage.write.by === "merge") return await merge(branches, { ...request, base });
  return await forwardOrTake(branches, { ...request, base });
}

type Based = ChangeRequest & { readonly base: string };

async function forwardOrTake(branches: GitBranches, request: Based): Promise<Change> {
  const { promotion, access, base, stage, signal } = request;
  const { revision } = promotion.spec;
  if (await branches.isAncestor(access, { ancestor: base, descendant: revision, signal }))
    return { kind: "ready", commit: revision };
  const [there, wanted] = [
    await branches.treeAt(access, { commit: base, path: "", signal }),
    await branches.treeAt(access, { commit: revision, path: "", signal }),
  ];
  if (there === wanted) return { kind: "ready", commit: base };
  const lost = await findLostCommits(branches, request);
  if (lost.length > 0) {
    const listed = lost.map(
      ({ commit, subject, author }) => `${shortCommit(commit)} ${subject} (${author.name})`,
    );
    const message =
      `branch ${stage.branch} has what no other stage has, and ${shortCommit(revision)} would undo it: ${listed.join(", ")}; ` +
      `merge branch ${stage.branch} into the branch of the first stage, or set by: merge in the stage's write`;
    return { kind: "impossible", message };
  }
  const { commit } = await branches.prepareTake(access, { ...preparationOf(request), theirs: revision });
  return { kind: "ready", commit };
}

async function merge(branches: GitBranches, request: Based): Promise<Change> {
  const { promotion, access, base, holds, stage, signal } = request;
  const { revision } = promotion.spec;
  if (await branches.isAncestor(access, { ancestor: base, descendant: revision, signal }))
    return { kind: "ready", commit: revision };
  const merged = await branches.prepareMerge(access, {
    ...preparationOf(request),
    theirs: revision,
    base: holds,
  });
  if (!("conflicts" in merged)) return { kind: "ready", commit: merged.commit };
  const message =
    `${shortCommit(revision)} cannot be merged into branch ${stage.branch}: ${formatConflicts(merged.conflicts)}; ` +
    "merge it by hand and push, or make the change upstream";
  return { kind: "impossible", message };
}

function formatConflicts(conflicts: readonly Conflict[]): string {
  const shown = conflicts.slice(0, shownConflicts).map(({ path, kind }) => `${path} (${kind})`);
  const more = conflicts.length > shownConflicts ? [`and ${conflicts.length - shownConflicts} more`] : [];
  return ["conflicts in", [...shown, ...more].join(", ")].join(" ");
}

async function copy(branches: GitBranches, request: ChangeRequest): Promise<Change> {
  const { promotion, access, base, source, stage } = request;
  if (base === undefined) {
    const message = `branch ${stage.branch} of ${access.url} does not exist, and nothing can be copied into it; push it first`;
    return { kind: "impossible", message };
  }
  const prepared = await branches.prepareCopy(access, {
    ...preparationOf({ ...request, base }),
    source: { repository: source.access, commit: promotion.spec.revision, path: source.path },
    to: stage.path,
    keep: stage.write.keep,
  });
  return { kind: "ready", commit: prepared?.commit ?? base };
}

function preparationOf({ promotion, base, author, dateMs, signingKey, ...rest }: Based): Preparation {
  const { name, namespace, spec } = promotion;
  const reason = spec.reason === undefined || spec.reason === "" ? "" : `\n\n${spec.reason}`;
  return {
    ours: base,
    message: `Promote ${shortCommit(spec.revision)} to ${spec.stage}: ${rest.subject}${reason}`,
    trailers: trailersOf({ name, namespace, spec }),
    author,
    dateMs,
    signingKey,
    signal: rest.signal,
  };
}

function trailersOf({ name, namespace, spec }: Pick<Promotion, "name" | "namespace" | "spec">) {
  return [
    ["Mooring-Promotion", `${namespace}/${name}`],
    ["Mooring-Revision", spec.revision],
  ] as const;
}

const shownReverts = 50;

/** Makes the commit that gives a stage back what it had, and says what that undoes as `git revert` does. */
export async function prepareRollback(
  branches: GitBranches,
  request: ChangeRequest & { readonly target: RollbackTarget<Promotion> },
): Promise<Change> {
  const { promotion, stage, access, base, target, author, dateMs, signingKey, signal } = request;
  if (base === undefined) {
    const message = `branch ${stage.branch} of ${access.url} does not exist, so that nothing of it can be taken back; push it first`;
    return { kind: "impossible", message };
  }
  const contentOf = target.kind === "start" ? target.commit : (target.promotion.status.commit ?? "");
  const prepared = await branches.prepareRestore(access, {
    ours: base,
    contentOf,
    path: stage.path === "" ? undefined : stage.path,
    message: (undone) => revertMessage(promotion, undone),
    trailers: trailersOf(promotion),
    author,
    dateMs,
    signingKey,
    signal,
  });
  return { kind: "ready", commit: prepared?.commit ?? base };
}

function revertMessage({ spec }: Promotion, { commits, isComplete }: CommitList): string {
  const [newest] = commits;
  const subject =
    commits.length === 1 && newest !== undefined
      ? `Revert ${JSON.stringify(newest.subject)}`
      : `Roll ${spec.stage} back to ${shortCommit(spec.revision)}`;
  const lines = commits.slice(0, shownReverts).map(({ commit }) => `This reverts commit ${commit}.`);
  const isCut = !isComplete || commits.length > shownReverts;
  const reason = spec.reason === undefined || spec.reason === "" ? [] : ["", spec.reason];
  return [subject, "", ...lines, ...(isCut ? ["And what came before them."] : []), ...reason].join("\n");
}

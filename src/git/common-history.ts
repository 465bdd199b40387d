import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import { findMergeBases } from "./histories.ts";
import type { MirrorHost } from "./mirror-host.ts";

/** A commit that a merge has to do with, and which others of them led to it. */
export interface MergeNode {
  readonly commit: string;
  readonly ancestors: readonly string[];
}

interface Sides {
  readonly ours: string;
  readonly theirs: string;
  readonly base?: string | undefined;
  readonly signal: AbortSignal;
}

/** More are no history that people make. */
const maxNodes = 24;

/**
 * The part of a history that decides how two commits merge, what led to others first: both, the bases from which both came and, where
 * there are several, what these came from. A merge in this small history is the same as one in the whole.
 */
export async function readCommonHistory(
  host: MirrorHost,
  repository: RepositoryAccess,
  { ours, theirs, base, signal }: Sides,
): Promise<readonly MergeNode[]> {
  if (base !== undefined) return nodesOver(base, [ours, theirs]);
  const first = await findMergeBases(host, repository, { pair: [ours, theirs], signal });
  const [only, another] = first;
  if (only === undefined) {
    const message = `repository ${repository.url}: commits ${ours.slice(0, 12)} and ${theirs.slice(0, 12)} have no history in common; name a base`;
    throw new MooringError("GIT_INVALID", message, { key: repository.url });
  }
  if (another === undefined) return nodesOver(only, [ours, theirs]);
  return await nodesAcross(host, repository, { ours, theirs, signal });
}

async function nodesAcross(
  host: MirrorHost,
  repository: RepositoryAccess,
  { ours, theirs, signal }: Omit<Sides, "base">,
): Promise<readonly MergeNode[]> {
  const ancestors = new Map([ours, theirs].map((commit) => [commit, new Set<string>()]));
  const note = (pair: readonly string[], found: string) => {
    if (!ancestors.has(found)) ancestors.set(found, new Set());
    for (const commit of pair) if (commit !== found) ancestors.get(commit)?.add(found);
  };
  // Those that are found on the way come in at the end.
  const seen: string[] = [];
  for (const commit of ancestors.keys()) {
    for (const pair of seen.map((other) => [other, commit] as const)) {
      const bases = await findMergeBases(host, repository, { pair, signal });
      for (const base of bases) note(pair, base);
    }
    seen.push(commit);
    if (ancestors.size <= maxNodes) continue;
    const message = `repository ${repository.url}: commits ${ours.slice(0, 12)} and ${theirs.slice(0, 12)} have over ${maxNodes} merges across in common; name a base`;
    throw new MooringError("GIT_TOO_LARGE", message, { key: repository.url });
  }
  const nodes = [...ancestors].map(([commit, before]) => ({ commit, ancestors: [...before] }));
  return nodes.toSorted((a, b) => a.ancestors.length - b.ancestors.length);
}

function nodesOver(base: string, sides: readonly string[]): readonly MergeNode[] {
  return [
    { commit: base, ancestors: [] },
    ...sides.filter((commit) => commit !== base).map((commit) => ({ commit, ancestors: [base] })),
  ];
}

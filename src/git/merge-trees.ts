import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { Conflict } from "#ports/git-branches.ts";
import type { MergeNode } from "./common-history.ts";
import type { Mirror } from "./mirror.ts";
import type { MirrorHost } from "./mirror-host.ts";
import type { GitOutcome } from "./run-git.ts";
import { idFrom } from "./write-commit.ts";

export interface TreeMerge {
  readonly mirror: Mirror;
  readonly url: string;
  readonly ours: string;
  readonly theirs: string;
  readonly nodes: readonly MergeNode[];
  /** Their root trees. */
  readonly trees: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** Git cannot merge it. */
export class Conflicted extends Error {
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super("conflicts");
    this.conflicts = conflicts;
  }
}

const maxConflicts = 1_000;

/** The root trees of commits, which all come into the mirror. */
export async function readTrees(
  host: MirrorHost,
  repository: RepositoryAccess,
  { commits, signal }: { readonly commits: readonly string[]; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  const trees = new Map<string, string>();
  for (const commit of commits) {
    await host.mirrorOf(repository, commit, signal);
    trees.set(commit, await host.rootTree(repository, commit, signal));
  }
  return trees;
}

/**
 * Merges as git does, over commits that stand for those of the history and have only each other as parents: so a mirror without history
 * will do, and any commit can be the base. Gives the tree; throws Conflicted. Only in turn.
 */
export async function mergeTrees(merge: TreeMerge): Promise<string> {
  const { mirror, ours, theirs, nodes, url, signal } = merge;
  const standIns = new Map<string, string>();
  for (const node of nodes) standIns.set(node.commit, await writeStandIn(merge, node, standIns));
  const sides = [ours, theirs].map((commit) => standIns.get(commit) ?? commit);
  const args = ["--git-dir", mirror.directory, "merge-tree", "--write-tree", "-z", "--messages", ...sides];
  const outcome = await mirror.git(args, { signal });
  const [tree = "", ...rest] = outcome.stdout.toString("utf8").split("\0");
  if (outcome.end !== "exit" || outcome.exitCode === undefined || outcome.exitCode > 1 || tree === "")
    throw mergeErrorOf(url, outcome);
  if (outcome.exitCode === 0) return tree;
  throw new Conflicted(parseConflicts(rest));
}

async function writeStandIn(
  { mirror, url, trees, signal }: TreeMerge,
  { commit, ancestors }: MergeNode,
  standIns: ReadonlyMap<string, string>,
): Promise<string> {
  const raw = await mirror.reader.contents(commit, signal);
  const header = raw.found ? Buffer.from(raw.content ?? []).toString("latin1") : "";
  // Git takes several bases in the order of their dates.
  const seconds = /^committer .* (?<seconds>\d{1,12}) [+-]\d{4}$/mu.exec(header)?.groups?.["seconds"] ?? "0";
  const who = `Mooring <mooring> ${seconds} +0000`;
  const parents = ancestors.map((each) => `parent ${standIns.get(each) ?? each}\n`).join("");
  const text = `tree ${trees.get(commit)}\n${parents}author ${who}\ncommitter ${who}\n\n${commit}\n`;
  const args = ["hash-object", "-w", "-t", "commit", "--stdin"];
  return await idFrom({ mirror, url, signal }, { what: "a merge", args, input: Buffer.from(text) });
}

function mergeErrorOf(url: string, outcome: GitOutcome): MooringError {
  const { end, exitCode, stderr } = outcome;
  // What git before 2.38 says to the option.
  if (end === "exit" && exitCode === 129)
    return new MooringError("CONFIG_INVALID", "git program: cannot merge; install git 2.38 or newer");
  const said = end === "exit" ? stderr.trim().split("\n").at(-1) : end;
  return new MooringError("GIT_FAILED", `repository ${url}: cannot be merged: ${said}; it is tried again`, {
    key: url,
  });
}

/** What `merge-tree -z` writes behind the tree: files, an empty field, then of each message its paths, its kind and its words. */
function parseConflicts(fields: readonly string[]): readonly Conflict[] {
  const end = fields.indexOf("");
  const conflicted = new Set(fields.slice(0, end).map((field) => field.slice(field.indexOf("\t") + 1)));
  const found = new Map<string, Conflict>();
  const add = (path: string, kind: string) => {
    conflicted.delete(path);
    if (found.size < maxConflicts) found.set(`${kind}\0${path}`, { path, kind });
  };
  for (let at = end + 1; at < fields.length;) {
    const count = Number(fields[at]);
    if (fields[at] === "" || !Number.isInteger(count)) break;
    const paths = fields.slice(at + 1, at + 1 + count);
    const kind = /^CONFLICT \((?<kind>[^)]*)\)/u.exec(fields[at + 1 + count] ?? "")?.groups?.["kind"];
    if (kind !== undefined) for (const path of paths) add(path, kind);
    at += count + 3;
  }
  for (const path of conflicted) add(path, "contents");
  return [...found.values()];
}

import type { GitObject } from "../workload/objects.ts";
import { liveNameOf, manifestOf } from "../workload/objects.ts";
import type { SimulatedCommit, SimulatedRepository } from "./repositories.ts";

/** Objects by where they are in their directory; `broken` stands for a file that nobody can read. */
export type Directory = ReadonlyMap<string, GitObject | "broken">;

/** What a branch of a repository holds, and what each of its commits held. */
export interface GitContent {
  readonly repository: SimulatedRepository;
  directory(branch: string, path: string): Directory;
  /** Commits a directory as it is to be from now on. */
  commit(
    branch: string,
    path: string,
    change: { readonly to: Directory; readonly timeMs: number },
  ): SimulatedCommit;
  /** Makes a branch that begins with what another one has. */
  fork(from: string, to: string, timeMs: number): void;
  branches(): readonly string[];
  /** The directory as a commit has it; undefined for a commit of another repository. */
  directoryAt(commit: string, path: string): Directory | undefined;
  /** Commits of a branch, oldest first. */
  commitsOf(branch: string): readonly string[];
}

type Tree = ReadonlyMap<string, Directory>;

export function createGitContent(repository: SimulatedRepository): GitContent {
  const heads = new Map<string, Tree>();
  const trees = new Map<string, Tree>();
  const logs = new Map<string, string[]>();
  const put = (branch: string, tree: Tree, timeMs: number): SimulatedCommit => {
    const commit = repository.commit(filesOf(tree), { branch, timeMs, message: `change ${trees.size}` });
    heads.set(branch, tree);
    trees.set(commit.id, tree);
    logs.set(branch, [...(logs.get(branch) ?? []), commit.id]);
    return commit;
  };
  return {
    repository,
    directory: (branch, path) => heads.get(branch)?.get(path) ?? new Map(),
    commit: (branch, path, { to, timeMs }) =>
      put(branch, new Map([...(heads.get(branch) ?? []), [path, to]]), timeMs),
    fork: (from, to, timeMs) => void put(to, heads.get(from) ?? new Map(), timeMs),
    branches: () => [...heads.keys()],
    directoryAt: (commit, path) => {
      const tree = trees.get(commit);
      return tree === undefined ? undefined : (tree.get(path) ?? new Map());
    },
    commitsOf: (branch) => logs.get(branch) ?? [],
  };
}

function filesOf(tree: Tree): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "README.md": "what runs in the simulation\n" };
  for (const [path, directory] of tree) {
    files[`${path}/notes.md`] = "so that the directory exists\n";
    for (const [slot, object] of directory) {
      files[`${path}/${slot}.yaml`] =
        object === "broken"
          ? "apiVersion: v1\nkind: [\nmetadata:\n"
          : `${JSON.stringify(manifestOf(object))}\n`;
    }
  }
  return files;
}

/** The objects of a directory that a sync keeps, by `Kind/name`; undefined when it cannot be rendered. */
export function keptObjects(directory: Directory): ReadonlyMap<string, GitObject> | undefined {
  const kept = new Map<string, GitObject>();
  for (const object of directory.values()) {
    if (object === "broken") return undefined;
    if (object.hook === undefined) kept.set(`${object.kind}/${liveNameOf(object)}`, object);
  }
  return kept;
}

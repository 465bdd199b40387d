import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

/** The paths at which two trees differ, sorted. */
export class ChangedPaths {
  readonly paths: readonly string[];

  constructor(paths: Iterable<string>) {
    this.paths = [...paths].toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  }

  /** Whether a path that begins with this one changed. */
  begins(prefix: string): boolean {
    let [low, high] = [0, this.paths.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.paths[middle] ?? "") < prefix) low = middle + 1;
      else high = middle;
    }
    return this.paths[low]?.startsWith(prefix) === true;
  }

  /** Whether something in a directory changed, or it is a file that did. */
  inside(directory: string): boolean {
    if (directory === "") return this.paths.length > 0;
    return this.begins(`${directory}/`) || this.paths.includes(directory);
  }
}

/** Compares two trees by object ids: what is equal is not looked into. */
export async function findChangedPaths(
  base: SourceTree,
  head: SourceTree,
  signal: AbortSignal,
): Promise<ChangedPaths> {
  const changed: string[] = [];
  const visit = async (directory: string): Promise<void> => {
    const [old, now] = [await entriesOf(base, directory, signal), await entriesOf(head, directory, signal)];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(name), now.get(name)];
      if (was?.oid === is?.oid && was?.type === is?.type && was?.executable === is?.executable) continue;
      const path = directory === "" ? name : `${directory}/${name}`;
      if (was?.type === "directory" || is?.type === "directory") await visit(path);
      if ([was, is].some((one) => one !== undefined && one.type !== "directory")) changed.push(path);
    }
  };
  await visit("");
  return new ChangedPaths(changed);
}

async function entriesOf(
  tree: SourceTree,
  directory: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = (await tree.list(directory, signal)) ?? [];
  return new Map(entries.map((entry) => [entry.name, entry]));
}

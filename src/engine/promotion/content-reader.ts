import type { RepositoryAccess } from "#core/repo/index.ts";
import type { GitBranches, ListedCommit } from "#ports/git-branches.ts";

/** A repository with the folder of it that an environment is in. */
export interface ContentPlace {
  readonly access: RepositoryAccess;
  /** Empty for all of it. */
  readonly path: string;
}

interface At {
  readonly commit: string;
  readonly signal: AbortSignal;
}

const limit = 20_000;

/** What commits hold, asked once: a commit never changes. */
export class ContentReader {
  readonly #branches: GitBranches;
  readonly #trees = new Map<string, string | undefined>();
  readonly #commits = new Map<string, ListedCommit | undefined>();

  constructor(branches: GitBranches) {
    this.#branches = branches;
  }

  /** The object id of the content; undefined where the folder is not. */
  async treeAt({ access, path }: ContentPlace, { commit, signal }: At): Promise<string | undefined> {
    return remember(this.#trees, `${access.url} ${commit} ${path}`, () =>
      this.#branches.treeAt(access, { commit, path, signal }),
    );
  }

  async commitAt({ access }: Pick<ContentPlace, "access">, { commit, signal }: At) {
    return remember(this.#commits, `${access.url} ${commit}`, async () => {
      const { commits } = await this.#branches.listCommits(access, {
        from: commit,
        excluding: [],
        limit: 1,
        signal,
      });
      return commits[0];
    });
  }
}

async function remember<V>(known: Map<string, V>, key: string, ask: () => Promise<V>): Promise<V> {
  const value = known.get(key);
  if (value !== undefined || known.has(key)) return value as V;
  const answer = await ask();
  if (known.size >= limit) known.clear();
  known.set(key, answer);
  return answer;
}

import type { GitStore } from "#ports/git-store.ts";
import type { RemoteSource, SourceFetcher } from "#ports/source-fetcher.ts";
import type { SourceTree } from "#ports/source-tree.ts";

/** What renders have asked for, by where it comes from. */
export class Trace {
  readonly #places = new Map<string, Set<string>>();

  /** The same tree, every question noted. */
  ofTree(place: string, tree: SourceTree): SourceTree {
    const note = (line: string) => this.#note(place, line);
    return {
      revision: tree.revision,
      stat: async (path, signal) => {
        const entry = await tree.stat(path, signal);
        if (entry === undefined) note(`missing ${path}`);
        return entry;
      },
      list: async (path, signal) => {
        note(`list ${path === "" ? "." : path}`);
        return tree.list(path, signal);
      },
      read: async (path, options) => {
        note(`read ${path}`);
        return tree.read(path, options);
      },
    };
  }

  ofGit(git: GitStore): GitStore {
    return {
      resolve: (...args) => git.resolve(...args),
      open: async (repository, commit, signal) =>
        this.ofTree(`${repository.url} at ${commit}`, await git.open(repository, commit, signal)),
      readCommit: (...args) => git.readCommit(...args),
      checkSignatures: (...args) => git.checkSignatures(...args),
      listRefs: (...args) => git.listRefs(...args),
      test: (...args) => git.test(...args),
      [Symbol.asyncDispose]: () => git[Symbol.asyncDispose](),
    };
  }

  ofFetcher(fetcher: SourceFetcher): SourceFetcher {
    return {
      resolve: (source, signal) => fetcher.resolve(source, signal),
      fetch: async (source, signal) => {
        const fetched = await fetcher.fetch(source, signal);
        return { ...fetched, tree: this.ofTree(`${describe(source)} (${fetched.id})`, fetched.tree) };
      },
    };
  }

  /** Places in the order of their first question, what was asked there in byte order. */
  format(): string {
    return [...this.#places]
      .map(([place, lines]) => [`# ${place}`, ...[...lines].toSorted()].join("\n"))
      .join("\n\n");
  }

  #note(place: string, line: string): void {
    const lines = this.#places.get(place) ?? new Set();
    this.#places.set(place, lines.add(line));
  }
}

function describe(source: RemoteSource): string {
  switch (source.kind) {
    case "git":
      return `${source.url} at ${source.revision === "" ? "HEAD" : source.revision}`;
    case "chart":
      return `chart ${source.name} ${source.version} of ${source.repository}`;
    case "artifact":
      return `${source.url} at ${source.revision}`;
    case "file":
      return source.url;
    default:
      throw new Error(`unhandled source: ${JSON.stringify(source satisfies never)}`);
  }
}

import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import type {
  CommitInfo,
  GitStore,
  NamedRefs,
  Resolved,
  ResolveOptions,
  SignedRevision,
} from "#ports/git-store.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import { msSince } from "#runtime/clock.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import type { RemoteRefs } from "../../../src/git/refs.ts";
import { namesOf, tagsOf } from "../../../src/git/refs.ts";
import { findRevision, parseRevision } from "../../../src/git/revision.ts";
import type { Faults } from "../faults.ts";
import type { SimulatedCommit, SimulatedRepository } from "./repositories.ts";

export interface GitStoreOptions {
  readonly repositories: ReadonlyMap<string, SimulatedRepository>;
  readonly clock: Clock;
  /** None where nothing goes wrong. */
  readonly faults?: Pick<Faults, "forGit">;
}

interface Listing {
  readonly refs: RemoteRefs;
  readonly atMs: number;
}

/** A Git store of one process, over repositories in memory. */
export class SimulatedGitStore implements GitStore {
  readonly #options: GitStoreOptions;
  readonly #listings = new Map<string, Listing>();
  readonly #fetched = new Set<string>();

  constructor(options: GitStoreOptions) {
    this.#options = options;
  }

  async resolve(access: RepositoryAccess, revision: string, options: ResolveOptions): Promise<Resolved> {
    throwIfAborted(options.signal);
    const wanted = parseRevision(revision, options.tagPrefix ?? "");
    if (wanted.kind === "commit") return { commit: wanted.commit };
    const found = findRevision(await this.#list(access, options), wanted);
    if (found !== undefined) return found;
    throw new MooringError("GIT_REVISION_NOT_FOUND", `repository ${access.url}: no revision ${revision}`);
  }

  async open(access: RepositoryAccess, id: string, signal: AbortSignal): Promise<SourceTree> {
    const commit = await this.#fetch(access, id, signal);
    return { ...treeOf(commit), revision: commit.id };
  }

  async readCommit(access: RepositoryAccess, id: string, signal: AbortSignal): Promise<CommitInfo> {
    const commit = await this.#fetch(access, id, signal);
    const listed = this.#listings.get(access.url);
    const tags = [...(listed === undefined ? [] : tagsOf(listed.refs))].filter(
      ([, tagged]) => tagged === commit.id,
    );
    return {
      author: "Ada Lovelace <ada@example.com>",
      date: new Date(commit.timeMs).toISOString().replace(".000Z", "Z"),
      message: commit.message,
      tags: tags.map(([name]) => name).toSorted(),
    };
  }

  /** Nobody signs anything here. */
  async checkSignatures(_access: RepositoryAccess, { commit }: SignedRevision): Promise<string> {
    return `commit ${commit.slice(0, 12)}: is not signed`;
  }

  async listRefs(
    access: RepositoryAccess,
    options: { readonly maxAgeMs: number; readonly signal: AbortSignal },
  ): Promise<NamedRefs> {
    return namesOf(await this.#list(access, options));
  }

  async test(access: RepositoryAccess, signal: AbortSignal): Promise<void> {
    await this.#list(access, { maxAgeMs: 0, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    return undefined;
  }

  #repository({ url }: RepositoryAccess): SimulatedRepository {
    const repository = this.#options.repositories.get(url);
    if (repository !== undefined) return repository;
    throw new MooringError("GIT_NOT_FOUND", `repository ${url}: there is no such repository`);
  }

  async #reach({ url }: RepositoryAccess, signal: AbortSignal): Promise<void> {
    const { clock, faults } = this.#options;
    const { fails, takesMs } = faults?.forGit() ?? { fails: false, takesMs: 0 };
    if (takesMs > 0) await clock.sleep(takesMs, signal);
    if (fails) throw new MooringError("GIT_UNREACHABLE", `repository ${url}: simulated outage`);
  }

  async #list(access: RepositoryAccess, { maxAgeMs, signal }: ResolveOptions): Promise<RemoteRefs> {
    const { clock } = this.#options;
    const known = this.#listings.get(access.url);
    if (known !== undefined && maxAgeMs > 0 && msSince(clock, known.atMs) <= maxAgeMs) return known.refs;
    const repository = this.#repository(access);
    await this.#reach(access, signal);
    const refs = repository.refs();
    this.#listings.set(access.url, { refs, atMs: clock.now() });
    return refs;
  }

  async #fetch(access: RepositoryAccess, id: string, signal: AbortSignal): Promise<SimulatedCommit> {
    throwIfAborted(signal);
    const wanted = parseRevision(id);
    if (wanted.kind !== "commit") throw new MooringError("GIT_INVALID", `commit ${id}: not a full commit id`);
    const repository = this.#repository(access);
    const key = `${access.url} ${wanted.commit}`;
    if (!this.#fetched.has(key)) await this.#reach(access, signal);
    const commit = repository.find(wanted.commit);
    if (commit === undefined) {
      throw new MooringError("GIT_REVISION_NOT_FOUND", `repository ${access.url}: has no commit ${id}`);
    }
    this.#fetched.add(key);
    return commit;
  }
}

const trees = new WeakMap<SimulatedCommit, ReturnType<typeof createMemoryTree>>();

function treeOf(commit: SimulatedCommit): ReturnType<typeof createMemoryTree> {
  const tree = trees.get(commit) ?? createMemoryTree(commit.files);
  trees.set(commit, tree);
  return tree;
}

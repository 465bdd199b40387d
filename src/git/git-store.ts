import { createHash } from "node:crypto";
import { join } from "node:path";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { IntegrityPolicy } from "#core/integrity/index.ts";
import type {
  CommitInfo,
  GitStore,
  NamedRefs,
  Resolved,
  ResolveOptions,
  SignedRevision,
} from "#ports/git-store.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { CommitQuestion, GitHistory, TracedCommit } from "#ports/git-history.ts";
import type { Committed, CommitRequest, GitWriter } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { nearest } from "#runtime/nearest.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import type { CommitObject } from "./commit-object.ts";
import { parseCommit } from "./commit-object.ts";
import { CommitTree } from "./commit-tree.ts";
import { commitToBranch } from "./commit-to-branch.ts";
import { fetchCommit } from "./fetch-commit.ts";
import { fetchHistory } from "./fetch-history.ts";
import type { HistoryRequest, MirrorHost } from "./mirror-host.ts";
import { MirrorBranches } from "./mirror-branches.ts";
import { Mirror } from "./mirror.ts";
import { mirrorNameOf } from "./mirror-files.ts";
import { ObjectReader } from "./object-reader.ts";
import { ReaderPool } from "./reader-pool.ts";
import { namesOf, tagsOf } from "./refs.ts";
import { localEnvironment } from "./remote-environment.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { listRefs, openRemote, requireAccess, withRemote } from "./remote.ts";
import type { Revision } from "./revision.ts";
import { findRevision, formatOf, parseRevision, requireCommit, shortCommitOf } from "./revision.ts";
import type { KnownAnswers } from "#runtime/known-answers.ts";
import { SharedWork } from "#runtime/shared-work.ts";
import { SignatureChecks } from "./signature-checks.ts";
import { traceCommit } from "./trace-commit.ts";
import { TreeCache } from "./tree-cache.ts";

export interface MirrorStoreOptions extends RemoteContext {
  /** Which commits revisions were last. */
  readonly known: KnownAnswers;
  readonly directory: string;
  /** Ends the processes, waits for `work` to end, and gives the directory back. */
  readonly dispose: (work: () => Promise<void>) => Promise<void>;
}

const outages = ["GIT_UNREACHABLE", "GIT_TIMEOUT"] as const;

/** Bare mirrors in one directory that no other process uses. */
export class MirrorStore implements GitStore, GitWriter, GitHistory {
  readonly #options: MirrorStoreOptions;
  readonly #mirrors = new Map<string, Mirror>();
  readonly #readers: ReaderPool;
  readonly #trees: TreeCache;
  readonly #signatures: SignatureChecks;
  readonly #host: MirrorHost;
  readonly branches: GitBranches;

  constructor(options: MirrorStoreOptions) {
    const { clock, limits } = options.context;
    this.#options = options;
    this.#readers = new ReaderPool({ clock, maxReaders: limits.maxReaders, idleMs: limits.readerIdleMs });
    this.#trees = new TreeCache(limits.treeCacheBytes);
    this.#signatures = new SignatureChecks({
      remotes: options,
      historyOf: ({ identity }, commit) => this.#mirror(identity, formatOf(commit), "histories"),
    });
    this.#host = {
      remotes: options,
      open: async (repository, commit, signal) => await this.open(repository, commit, signal),
      mirrorOf: async (repository, commit, signal) =>
        (await this.#prepare(repository, commit, signal)).mirror,
      emptyMirror: async (repository, id = "", signal) => {
        const { identity } = openRemote(repository, this.#options);
        const mirror = this.#mirror(identity, id.length === 64 ? "sha256" : "sha1");
        await mirror.load();
        await mirror.inTurn(async () => await mirror.create(signal));
        return mirror;
      },
      rootTree: async (repository, oid, signal) => {
        const remote = openRemote(repository, this.#options);
        return await this.#rootTree(remote, this.#mirror(remote.identity, formatOf(oid)), { oid, signal });
      },
      preparedIn: async (repository, commit, signal) => {
        const remote = openRemote(repository, this.#options);
        const mirror = this.#mirror(remote.identity, formatOf(commit));
        await mirror.load();
        if (!mirror.isPrepared(commit)) return undefined;
        await requireAccess(this.#options, remote, signal);
        return mirror;
      },
      historyOf: async (repository, wanted) => await this.#history(repository, wanted),
    };
    this.branches = new MirrorBranches(this.#host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#readers[Symbol.dispose]();
    await this.#options.dispose(async () => {
      // Work under way has been told to end; nobody else may have the directory before it has.
      await Promise.all([...this.#mirrors.values()].map((mirror) => mirror.inTurn(() => Promise.resolve())));
    });
  }

  async resolve(repository: RepositoryAccess, revision: string, options: ResolveOptions): Promise<Resolved> {
    throwIfAborted(options.signal);
    const remote = openRemote(repository, this.#options);
    const { tagPrefix = "", orKnown = false } = options;
    const wanted = parseRevision(revision, tagPrefix);
    if (wanted.kind === "commit") return { commit: wanted.commit };
    const name = JSON.stringify([remote.key, revision, tagPrefix]);
    return await this.#options.known.ask({
      name: createHash("sha256").update(name).digest("hex"),
      ask: () => this.#resolveNow(remote, wanted, { revision, ...options }),
      excuses: (error) => orKnown && outages.some((code) => isMooringError(error, code)),
    });
  }

  async #resolveNow(
    remote: Remote,
    wanted: Revision,
    { revision, tagPrefix = "", ...options }: ResolveOptions & { readonly revision: string },
  ): Promise<Resolved> {
    const { repository } = remote;
    const refs = await listRefs(this.#options, remote, options);
    const found = findRevision(refs, wanted) ?? (await this.#findShort(remote, wanted, options.signal));
    if (found !== undefined) return found;
    const empty = refs.refs.size === 0;
    const reason = empty
      ? "the repository is empty; push a commit"
      : `revision ${JSON.stringify(revision)} is no branch, tag or matching version${tagsWith(tagPrefix)}; correct targetRevision${meant(revision, refs.refs)}`;
    throw new MooringError("GIT_REVISION_NOT_FOUND", `repository ${repository.url}: ${reason}`, {
      key: repository.url,
    });
  }

  async open(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<SourceTree> {
    const { remote, mirror, oid } = await this.#prepare(repository, commit, signal);
    const { limits } = this.#options.context;
    return new CommitTree({
      mirror,
      trees: this.#trees,
      url: repository.url,
      commit: oid,
      rootTree: await this.#rootTree(remote, mirror, { oid, signal }),
      maxObjectBytes: limits.maxObjectBytes,
      onDamage: () => this.#discardLater(mirror),
      storeSignal: this.#options.signal,
    });
  }

  async readCommit(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<CommitInfo> {
    const { remote, mirror, oid } = await this.#prepare(repository, commit, signal);
    await this.#rootTree(remote, mirror, { oid, signal });
    const object = await this.#readCommitObject(mirror, oid, signal);
    if (object === undefined) throw this.#unreadable(mirror, remote);
    const refs = this.#options.listings.known(remote.key);
    const tags = [...(refs === undefined ? [] : tagsOf(refs))].filter(([, tagged]) => tagged === oid);
    const { author, date, message } = object;
    return { author, date, message, tags: tags.map(([name]) => name).toSorted() };
  }

  async checkSignatures(
    repository: RepositoryAccess,
    revision: SignedRevision,
    options: { readonly policy: IntegrityPolicy; readonly signal: AbortSignal },
  ): Promise<string | undefined> {
    const mirrored = await this.#prepare(repository, revision.commit, options.signal);
    return this.#signatures.check(mirrored, revision, options);
  }

  async listRefs(
    repository: RepositoryAccess,
    options: { readonly maxAgeMs: number; readonly signal: AbortSignal },
  ): Promise<NamedRefs> {
    throwIfAborted(options.signal);
    return namesOf(await listRefs(this.#options, openRemote(repository, this.#options), options));
  }

  async commit(repository: RepositoryAccess, request: CommitRequest): Promise<Committed | undefined> {
    return await commitToBranch(this.#host, repository, request);
  }

  async traceCommit(
    repository: RepositoryAccess,
    question: CommitQuestion,
  ): Promise<TracedCommit | undefined> {
    const host = {
      remotes: this.#options,
      historyOf: ({ identity }: Remote, objectFormat: "sha1" | "sha256") =>
        this.#mirror(identity, objectFormat, "histories"),
      filesOf: async (commit: string, signal: AbortSignal) =>
        (await this.#prepare(repository, commit, signal)).mirror,
    };
    return await traceCommit(host, repository, question);
  }

  async test(repository: RepositoryAccess, signal: AbortSignal): Promise<void> {
    const remote = openRemote(repository, this.#options);
    this.#options.listings.forgetFailure(remote.key);
    await listRefs(this.#options, remote, { maxAgeMs: 0, signal });
  }

  async #prepare(
    repository: RepositoryAccess,
    commit: string,
    signal: AbortSignal,
  ): Promise<{ remote: Remote; mirror: Mirror; oid: string }> {
    throwIfAborted(signal);
    const remote = openRemote(repository, this.#options);
    const oid = requireCommit(commit);
    const mirror = this.#mirror(remote.identity, formatOf(oid));
    await mirror.load();
    if (!mirror.has(oid)) await this.#fetch(remote, mirror, { oid, signal });
    else await requireAccess(this.#options, remote, signal);
    return { remote, mirror, oid };
  }

  async #history(repository: RepositoryAccess, { commits, extent, signal }: HistoryRequest): Promise<Mirror> {
    throwIfAborted(signal);
    const remote = openRemote(repository, this.#options);
    const oids = commits.map(requireCommit);
    const [kind, filter] =
      extent === "commits" ? (["histories", "tree:0"] as const) : (["outlines", "blob:none"] as const);
    const mirror = this.#mirror(remote.identity, formatOf(oids[0] ?? ""), kind);
    for (const commit of oids) await fetchHistory(this.#options, remote, { mirror, commit, filter, signal });
    await requireAccess(this.#options, remote, signal);
    return mirror;
  }

  #mirror(
    identity: string,
    objectFormat: "sha1" | "sha256",
    kind: "mirrors" | "histories" | "outlines" = "mirrors",
  ): Mirror {
    const name = join(kind, mirrorNameOf(identity, objectFormat));
    const found = this.#mirrors.get(name);
    if (found !== undefined) return found;
    const { context, directory } = this.#options;
    const path = join(directory, name);
    const reader: ObjectReader = new ObjectReader({
      processes: context.processes,
      environment: localEnvironment(context.home),
      directory: path,
      cwd: context.home.directory,
      onUse: () => this.#readers.use(reader),
    });
    const mirror = new Mirror(context, { directory: path, objectFormat, reader });
    this.#mirrors.set(name, mirror);
    return mirror;
  }

  async #fetch(
    remote: Remote,
    mirror: Mirror,
    { oid, signal }: { readonly oid: string; readonly signal: AbortSignal },
  ): Promise<void> {
    const running = mirror.fetching.get(oid);
    if (running !== undefined && !running.cancelled) return await running.join(signal);
    const work = new SharedWork<void>(async (shared) => {
      try {
        await mirror.inTurn(async () => await this.#fetchInTurn(remote, mirror, { oid, signal: shared }));
      } finally {
        if (mirror.fetching.get(oid) === work) mirror.fetching.delete(oid);
      }
    }, this.#options.signal);
    mirror.fetching.set(oid, work);
    await work.join(signal);
  }

  async #fetchInTurn(
    remote: Remote,
    mirror: Mirror,
    { oid, signal }: { readonly oid: string; readonly signal: AbortSignal },
  ): Promise<void> {
    throwIfAborted(signal);
    if (mirror.has(oid)) return;
    const known = this.#options.listings.known(remote.key)?.refs ?? new Map<string, string>();
    const refs = [...known].filter(([name, tip]) => tip === oid && name !== "HEAD").map(([name]) => name);
    await withRemote(this.#options, remote, {
      kind: "fetch",
      signal,
      run: async (environment) => {
        const { repository } = remote;
        await fetchCommit({ mirror, repository, commit: oid, refs, environment, signal });
      },
    });
    // Nobody waits for this but the next fetch of the same repository.
    void mirror.inTurn(async () => await mirror.maintain(this.#options.signal)).catch(() => undefined);
  }

  /** The root tree of a commit; a mirror that cannot give it is deleted and fetched anew, once. */
  async #rootTree(
    remote: Remote,
    mirror: Mirror,
    { oid, signal }: { readonly oid: string; readonly signal: AbortSignal },
  ): Promise<string> {
    const known = mirror.rootTrees.get(oid);
    if (known !== undefined) return known;
    let object = await this.#readCommitObject(mirror, oid, signal);
    if (object === undefined) {
      await mirror.inTurn(async () => await mirror.discard());
      await this.#fetch(remote, mirror, { oid, signal });
      object = await this.#readCommitObject(mirror, oid, signal);
    }
    if (object === undefined) throw this.#unreadable(mirror, remote);
    mirror.rootTrees.set(oid, object.tree);
    return object.tree;
  }

  /** The commit, or undefined when the mirror is damaged: the commit or its root tree cannot be read. */
  async #readCommitObject(
    mirror: Mirror,
    oid: string,
    signal: AbortSignal,
  ): Promise<CommitObject | undefined> {
    try {
      const known = await mirror.reader.info(oid, signal);
      if (!known.found || known.type !== "commit") return undefined;
      if (known.size > this.#options.context.limits.maxObjectBytes) {
        throw new MooringError(
          "GIT_TOO_LARGE",
          `commit ${oid}: has ${known.size} bytes, more than is allowed`,
        );
      }
      const reply = await mirror.reader.contents(oid, signal);
      if (!reply.found || reply.content === undefined) return undefined;
      const object = parseCommit(reply.content);
      const tree = await mirror.reader.info(object.tree, signal);
      return tree.found && tree.type === "tree" ? object : undefined;
    } catch (error) {
      throwIfAborted(signal);
      if (isMooringError(error)) throw error;
      this.#options.context.log.warn("git mirror is damaged", { directory: mirror.directory, commit: oid });
      return undefined;
    }
  }

  #discardLater(mirror: Mirror): void {
    this.#options.context.log.warn("git mirror is damaged; it will be fetched anew", {
      directory: mirror.directory,
    });
    void mirror.inTurn(async () => await mirror.discard()).catch(() => undefined);
  }

  #unreadable(mirror: Mirror, { repository }: Remote): MooringError {
    this.#discardLater(mirror);
    const message = `mirror of ${repository.url}: cannot be read just after it was fetched; check the disk`;
    return new MooringError("GIT_FAILED", message, { key: repository.url });
  }

  /** A short commit id is looked up among the refs' tips and what is mirrored; two commits that begin so are an error. */
  async #findShort(remote: Remote, wanted: Revision, signal: AbortSignal): Promise<Resolved | undefined> {
    const short = shortCommitOf(wanted);
    if (short === undefined) return undefined;
    const tips = [...(this.#options.listings.known(remote.key)?.refs.values() ?? [])];
    const mirror = this.#mirror(remote.identity, tips[0]?.length === 64 ? "sha256" : "sha1");
    await mirror.load();
    const matches = new Set([...tips, ...mirror.commits].filter((oid) => oid.startsWith(short)));
    if (matches.size === 0) return await this.#findMirrored(mirror, short, signal);
    const [commit] = matches;
    if (matches.size > 1) {
      const message = `repository ${remote.repository.url}: commit id ${short} is ambiguous; write more of it`;
      throw new MooringError("GIT_REVISION_NOT_FOUND", message, { key: remote.repository.url });
    }
    return commit === undefined ? undefined : { commit };
  }

  async #findMirrored(mirror: Mirror, short: string, signal: AbortSignal): Promise<Resolved | undefined> {
    if (mirror.commits.next().done === true) return undefined;
    const reply = await mirror.reader.info(`${short}^{commit}`, signal);
    return reply.found ? { commit: reply.oid } : undefined;
  }
}

/** More names than this nobody has mistyped one of. */
const maxSuggestedFrom = 5_000;

function meant(revision: string, refs: ReadonlyMap<string, string>): string {
  const names = [...refs.keys()]
    .slice(0, maxSuggestedFrom)
    .flatMap((ref) => /^refs\/(?:heads|tags)\/(.+)$/u.exec(ref)?.[1] ?? []);
  const found = nearest(revision.slice(0, 255), names);
  return found === undefined ? "" : ` (is ${JSON.stringify(found)} meant?)`;
}

function tagsWith(prefix: string): string {
  return prefix === "" ? "" : ` of the tags that begin with ${JSON.stringify(prefix)}`;
}

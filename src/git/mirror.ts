import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { Log } from "#runtime/log.ts";
import type { ResolvedGitLimits } from "./options.ts";
import type { GitHome } from "./remote-environment.ts";
import { localEnvironment } from "./remote-environment.ts";
import type { GitOutcome, GitRunner } from "./run-git.ts";
import { runGit } from "./run-git.ts";
import {
  commitRefs,
  countPacks,
  isRepository,
  preparedRefs,
  readCommitRefs,
  receivingBytes,
  removeLeftovers,
  removeOldPrepared,
  writingRefs,
} from "./mirror-files.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { SharedWork } from "#runtime/shared-work.ts";

/** What every mirror of a store shares. */
export interface MirrorContext extends GitRunner {
  readonly home: GitHome;
  readonly limits: ResolvedGitLimits;
  readonly log: Log;
}

export interface MirrorOptions {
  readonly directory: string;
  readonly objectFormat: "sha1" | "sha256";
  readonly reader: ObjectReader;
}

const maxPacks = 50;

/** One bare repository on disk. All writing to it takes turns; reading goes on meanwhile. */
export class Mirror {
  readonly directory: string;
  readonly reader: ObjectReader;
  readonly oidBytes: 20 | 32;
  /** Fetches under way, by commit. */
  readonly fetching = new Map<string, SharedWork<void>>();
  /** Root trees of commits that were found whole. */
  readonly rootTrees = new Map<string, string>();
  readonly #objectFormat: "sha1" | "sha256";
  readonly #context: MirrorContext;
  readonly #usedMs = new Map<string, number>();
  readonly #prepared = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #loaded: Promise<void> | undefined;

  constructor(context: MirrorContext, options: MirrorOptions) {
    this.#context = context;
    this.directory = options.directory;
    this.reader = options.reader;
    this.#objectFormat = options.objectFormat;
    this.oidBytes = options.objectFormat === "sha1" ? 20 : 32;
  }

  /** Reads what is on disk and repairs what a crash left; done once. */
  async load(): Promise<void> {
    this.#loaded ??= this.#load();
    await this.#loaded;
  }

  async #load(): Promise<void> {
    if (!(await isRepository(this.directory))) {
      await rm(this.directory, { recursive: true, force: true });
      return;
    }
    await removeLeftovers(this.directory);
    await rm(join(this.directory, writingRefs), { recursive: true, force: true });
    const now = this.#context.clock.now();
    for (const commit of await readCommitRefs(this.directory)) this.#usedMs.set(commit, now);
    for (const commit of await readCommitRefs(this.directory, preparedRefs)) this.#prepared.add(commit);
  }

  /** Whether the commit is here whole. */
  has(commit: string): boolean {
    return this.#usedMs.has(commit) || this.#prepared.has(commit);
  }

  /** Whether the commit was made here, so that the repository may not have it. */
  isPrepared(commit: string): boolean {
    return this.#prepared.has(commit);
  }

  get commits(): IterableIterator<string> {
    return this.#usedMs.keys();
  }

  /** Notes that a commit is in use, so that it stays. */
  use(commit: string): void {
    // One that was discarded meanwhile must not come back by being used.
    if (this.#usedMs.delete(commit)) this.#usedMs.set(commit, this.#context.clock.now());
  }

  /** Does work that writes to the mirror, one at a time in the order of asking. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return await mine;
  }

  /** Deletes a damaged mirror; the next fetch starts from nothing. Only in turn. */
  async discard(): Promise<void> {
    this.reader.restart();
    this.#usedMs.clear();
    this.#prepared.clear();
    this.rootTrees.clear();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Makes the bare repository when it is missing, whole or not at all. Only in turn. */
  async create(signal: AbortSignal): Promise<void> {
    if (await isRepository(this.directory)) return;
    const unfinished = `${this.directory}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    const format = `--object-format=${this.#objectFormat}`;
    const args = ["init", "--quiet", "--bare", "--template=", format, unfinished];
    const outcome = await this.git(args, { signal });
    if (outcome.exitCode !== 0) {
      throw new MooringError(
        "GIT_FAILED",
        `mirror ${this.directory}: cannot be made: ${outcome.stderr.trim()}`,
      );
    }
    await rename(unfinished, this.directory);
  }

  /** Gives the repository that is mirrored the name `origin`. Only in turn. */
  async nameRemote(url: string, signal: AbortSignal): Promise<void> {
    const args = ["--git-dir", this.directory, "config", "remote.origin.url", url];
    const outcome = await this.git(args, { signal });
    if (outcome.exitCode === 0) return;
    throw new MooringError(
      "GIT_FAILED",
      `mirror ${this.directory}: cannot be configured: ${outcome.stderr.trim()}`,
    );
  }

  /** Runs git on the mirror without talking to anyone. */
  async git(
    args: readonly string[],
    options: { readonly signal: AbortSignal; readonly input?: Uint8Array },
  ): Promise<GitOutcome> {
    const { home, limits } = this.#context;
    return await runGit(this.#context, {
      args,
      environment: localEnvironment(home),
      cwd: home.directory,
      timeoutMs: limits.remoteTimeoutMs,
      maxOutputBytes: limits.maxRefsBytes,
      input: options.input,
      signal: options.signal,
    });
  }

  /** Runs `git fetch` with these arguments; watches the size of what comes. Only in turn. */
  async runFetch(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<GitOutcome> {
    const { home, limits } = this.#context;
    const flags = ["--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-auto-gc"];
    const outcome = await runGit(this.#context, {
      args: ["--git-dir", this.directory, "fetch", ...flags, ...args],
      environment,
      cwd: home.directory,
      timeoutMs: limits.remoteTimeoutMs,
      maxOutputBytes: limits.maxRefsBytes,
      isTooLarge: async () => (await receivingBytes(this.directory)) > limits.maxFetchBytes,
      signal,
    });
    if (outcome.exitCode !== 0) await removeLeftovers(this.directory);
    return outcome;
  }

  /** Puts a commit under our ref, so that it stays and counts as fetched whole; false when git refuses. Only in turn. */
  async keep(commit: string, signal: AbortSignal): Promise<boolean> {
    const kept = await readCommitRefs(this.directory);
    if (!kept.includes(commit)) {
      const args = ["--git-dir", this.directory, "update-ref", `${commitRefs}/${commit}`, commit];
      if ((await this.git(args, { signal })).exitCode !== 0) return false;
    }
    this.#usedMs.set(commit, this.#context.clock.now());
    return true;
  }

  /** Puts a commit that nobody else has under a ref of its own, so that it stays until it is old. Only in turn. */
  async keepPrepared(commit: string, signal: AbortSignal): Promise<void> {
    const args = ["--git-dir", this.directory, "update-ref", `${preparedRefs}/${commit}`, commit];
    const outcome = await this.git(args, { signal });
    if (outcome.exitCode !== 0)
      throw new MooringError(
        "GIT_FAILED",
        `mirror ${this.directory}: cannot note commit ${commit}: ${outcome.stderr.trim()}; check the disk`,
      );
    this.#prepared.add(commit);
  }

  /** Takes our ref from a commit; the next maintenance removes what only it held. Only in turn. */
  async drop(commit: string): Promise<void> {
    this.#usedMs.delete(commit);
    this.rootTrees.delete(commit);
    await rm(join(this.directory, commitRefs, commit), { force: true });
  }

  /** Drops commits that nobody used for long and joins packs when there are many. Only in turn; failures are only logged. */
  async maintain(signal: AbortSignal): Promise<void> {
    if ((await countPacks(this.directory)) <= maxPacks) return;
    for (const commit of this.#unused()) await this.drop(commit);
    const oldest = this.#context.clock.now() - this.#context.limits.keepPreparedMs;
    for (const commit of await removeOldPrepared(this.directory, oldest)) this.#prepared.delete(commit);
    for (const args of [
      ["repack", "-a", "-d", "-q"],
      ["prune", "--expire=now"],
    ]) {
      const outcome = await this.git(["--git-dir", this.directory, ...args], { signal });
      if (outcome.exitCode === 0) continue;
      const reason = outcome.stderr.trim().slice(-300);
      this.#context.log.warn("git mirror cannot be tidied up", { directory: this.directory, reason });
    }
    // The running reader holds the deleted packs open, which would keep their space on disk taken.
    this.reader.restart();
  }

  #unused(): string[] {
    const { keepCommits, keepCommitsMs } = this.#context.limits;
    const oldest = this.#context.clock.now() - keepCommitsMs;
    const spare = [...this.#usedMs].slice(0, Math.max(0, this.#usedMs.size - keepCommits));
    return spare.filter(([, usedMs]) => usedMs < oldest).map(([commit]) => commit);
  }
}

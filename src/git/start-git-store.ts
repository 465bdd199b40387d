import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { GitHistory } from "#ports/git-history.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import { silentLog } from "#runtime/log.ts";
import { AccessProofs } from "./access-proofs.ts";
import { ChildProcesses } from "./child-processes.ts";
import { openDirectorySlot } from "./directory-slot.ts";
import { MirrorStore } from "./git-store.ts";
import type { MirrorContext } from "./mirror.ts";
import type { GitStoreOptions } from "./options.ts";
import { resolveGitLimits } from "./options.ts";
import { KnownAnswers } from "#runtime/known-answers.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import { localEnvironment, openGitHome } from "./remote-environment.ts";
import { RemoteLanes } from "./remote-lanes.ts";
import { runGit } from "./run-git.ts";

const endGraceMs = 2_000;
/** Commits of revisions, about 100 bytes each. */
const maxAnswers = 10_000;

/** `cat-file --batch-command` appeared in git 2.36. */
async function checkVersion(context: MirrorContext, signal: AbortSignal): Promise<void> {
  const outcome = await runGit(context, {
    args: ["version"],
    environment: localEnvironment(context.home),
    cwd: context.home.directory,
    timeoutMs: 10_000,
    maxOutputBytes: 4_096,
    signal,
  });
  const found = /^git version (?<major>\d+)\.(?<minor>\d+)/.exec(outcome.stdout.toString("utf8"))?.groups;
  const [major, minor] = [Number(found?.["major"] ?? 0), Number(found?.["minor"] ?? 0)];
  if (major > 2 || (major === 2 && minor >= 36)) return;
  throw new MooringError(
    "CONFIG_INVALID",
    `git program: version ${major}.${minor} is too old; install git 2.36 or newer`,
  );
}

/**
 * Starts a store of bare mirrors. Throws CONFIG_INVALID when the directory cannot be used or git is missing or too old.
 * It ends, with all its processes, when it is disposed or its signal aborts.
 */
export async function startGitStore(
  options: GitStoreOptions,
): Promise<GitStore & GitWriter & GitHistory & { readonly branches: GitBranches }> {
  const limits = resolveGitLimits(options.limits);
  await using setup = new AsyncDisposableStack();
  const slot = setup.use(openDirectorySlot(resolve(options.directory)));
  mkdirSync(join(slot.directory, "mirrors"), { recursive: true });
  const processes = new ChildProcesses({
    program: options.gitProgram ?? "git",
    directory: join(slot.directory, "running"),
    clock: options.clock,
  });
  setup.defer(async () => await processes.endAll(endGraceMs));
  processes.endOrphans();
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const context: MirrorContext = {
    processes,
    clock: options.clock,
    limits,
    log: options.log ?? silentLog,
    home: openGitHome(join(slot.directory, "home")),
  };
  await checkVersion(context, signal);
  const onAbort = () => void processes.endAll(endGraceMs);
  signal.addEventListener("abort", onAbort, { once: true });
  const known = await KnownAnswers.open(join(slot.directory, "answers"), { maxAnswers, log: context.log });
  const owned = setup.move();
  return new MirrorStore({
    context,
    directory: slot.directory,
    signal,
    lanes: new RemoteLanes(limits.concurrency),
    listings: new SharedAnswers({ clock: options.clock, failureMemoryMs: limits.failureMemoryMs, signal }),
    proofs: new AccessProofs(slot.directory),
    known,
    ownDirectory: resolve(options.directory),
    dispose: async (work) => {
      ended.abort();
      await processes.endAll(endGraceMs);
      await work();
      await owned.disposeAsync();
    },
  });
}

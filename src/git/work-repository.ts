import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MooringError } from "#core/errors/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import type { WorkRepository } from "#ports/work-repository.ts";

const run = promisify(execFile);

const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

/** Nothing of these commands runs a program that the repository's own configuration names. */
const settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/**
 * The repository around a directory; undefined where there is none. Throws GIT_TIMEOUT, and CONFIG_INVALID where git is not installed.
 */
export async function openWorkRepository(
  directory: string,
  signal: AbortSignal,
): Promise<WorkRepository | undefined> {
  const git = (...args: readonly string[]) => ask(directory, args, signal);
  const top = (await git("rev-parse", "--show-toplevel")) ?? (await git("rev-parse", "--absolute-git-dir"));
  if (top === undefined) return undefined;
  const remotes = (await git("config", "--get-regexp", String.raw`^remote\..*\.url$`)) ?? "";
  return {
    directory: top,
    remotes: [
      ...new Set(remotes.split("\n").flatMap((line) => scrubUrls(line.slice(line.indexOf(" ") + 1)) || [])),
    ].toSorted(),
    resolve: async (revision) =>
      commitOf(await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`)),
    mergeBase: async (one, other) => commitOf(await git("merge-base", one, other)),
  };
}

function commitOf(answer: string | undefined): string | undefined {
  return answer !== undefined && commitId.test(answer) ? answer : undefined;
}

/** What git says; undefined when it says no. */
async function ask(
  directory: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", [...settings, ...args], {
      cwd: directory,
      env: { PATH: process.env["PATH"] ?? "", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
      timeout: 30_000,
      maxBuffer: 1024 * 1024,
      signal,
    });
    return stdout.trim();
  } catch (error) {
    signal.throwIfAborted();
    const { code, killed } = error as { readonly code?: unknown; readonly killed?: boolean };
    if (typeof code === "number") return undefined;
    if (killed === true)
      throw new MooringError("GIT_TIMEOUT", `repository ${directory}: git did not answer in 30 s`, {
        cause: error,
      });
    const fix = "install git 2.36 or newer, and see that the directory is there";
    throw new MooringError("CONFIG_INVALID", `repository ${directory}: git cannot be run; ${fix}`, {
      cause: error,
    });
  }
}

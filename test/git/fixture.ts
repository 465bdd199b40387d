import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import type { RepositoryAccess, RepositoryCredentials } from "#core/repo/index.ts";
import type { GitLimits } from "#git/index.ts";
import { startGitStore } from "#git/index.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { GitHistory } from "#ports/git-history.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import { systemClock } from "#runtime/clock.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { createRepository } from "#test/git-servers/index.ts";

export const signal: AbortSignal = new AbortController().signal;

/** Asks the repository now. */
export const now = { maxAgeMs: 0, signal };

/** How long to wait for what must happen: the machine may be busy. */
export const patiently = { timeout: 20_000 };

/** A directory that is deleted when the test ends. */
export async function createDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-git-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Disposes something when the test ends. */
export function disposeLater<T extends AsyncDisposable>(resource: T): T {
  onTestFinished(async () => await resource[Symbol.asyncDispose]());
  return resource;
}

export type TestStore = GitStore & GitWriter & GitHistory & { readonly branches: GitBranches };

export async function startStore(directory: string, limits: GitLimits = {}): Promise<TestStore> {
  return disposeLater(
    await startGitStore({ directory: join(directory, "store"), clock: systemClock, limits, signal }),
  );
}

export function accessTo(
  url: string,
  credentials: RepositoryCredentials = { kind: "none" },
  more: Partial<RepositoryAccess> = {},
): RepositoryAccess {
  return { url, credentials, insecureSkipVerify: false, ...more };
}

/** The file's text at a commit. */
export async function readText(
  store: GitStore,
  access: RepositoryAccess,
  { commit, path }: { readonly commit: string; readonly path: string },
): Promise<string> {
  const tree = await store.open(access, commit, signal);
  return Buffer.from(await tree.read(path, { maxBytes: 1_000_000, signal })).toString("utf8");
}

/** Who prepares commits in tests, and when. */
export const prepared = {
  author: { name: "Mooring", email: "mooring@example.com" },
  dateMs: 1_700_000_000_000,
  message: "Promote",
  signal,
} as const;

/** A repository, a store, and how the one is reached by the other. */
export async function setUpShop(files: Readonly<Record<string, string>> = { "a.yaml": "a: 1\n" }) {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const first = await repository.commit(files);
  const store = await startStore(directory);
  return { directory, repository, first, store, branches: store.branches, access: accessTo(repository.url) };
}

/** The commit that was prepared; fails where there is none. */
export function commitOf(
  outcome: { readonly commit: string } | { readonly conflicts: readonly unknown[] } | undefined,
): string {
  if (outcome !== undefined && "commit" in outcome) return outcome.commit;
  throw new Error(`nothing was prepared: ${JSON.stringify(outcome)}`);
}

/** The code and message with which something fails, places that differ from run to run replaced. */
export async function failureOf(
  work: Promise<unknown>,
  places: Readonly<Record<string, string>> = {},
): Promise<string> {
  const replaced = (text: string) =>
    Object.entries(places).reduce((line, [place, name]) => line.replaceAll(place, name), text);
  try {
    return replaced(`succeeded with ${JSON.stringify(await work)}`);
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return replaced(`${isMooringError(error) ? error.code : error.name}: ${error.message}`);
  }
}

/** Makes a server-side hook of a shell script. */
export async function hook(repository: TestRepository, name: string, script: string): Promise<void> {
  await mkdir(join(repository.directory, "hooks"), { recursive: true });
  const file = join(repository.directory, "hooks", name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

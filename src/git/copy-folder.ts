import { join } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { CopyPreparation } from "#ports/git-branches.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import type { Edit } from "./import-edits.ts";
import { invalid, putObject, remove, requirePath } from "./import-edits.ts";
import type { Mirror } from "./mirror.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { compilePathPatterns } from "./path-patterns.ts";
import { openRemote } from "./remote.ts";

interface ListedFile {
  readonly mode: string;
  readonly oid: string;
  /** Relative to the folder. */
  readonly path: string;
}

/** What makes a folder of ours hold what another holds, to be asked in the turn of our mirror. */
export async function copyFolder(
  host: MirrorHost,
  repository: RepositoryAccess,
  { ours, source, to, keep = [], signal }: CopyPreparation,
): Promise<() => Promise<readonly Edit[]>> {
  const { url } = repository;
  const isKept = compilePathPatterns(keep);
  const mirror = await host.mirrorOf(repository, ours, signal);
  const before = await requireFolder(host, repository, { ours, to, signal });
  const from = await host.mirrorOf(source.repository, source.commit, signal);
  const tree = await host.open(source.repository, source.commit, signal);
  const folder = await tree.stat(source.path, signal);
  if (folder?.type !== "directory") {
    const what = folder === undefined ? "is missing" : `is a ${folder.type}, not a folder`;
    const message = `repository ${source.repository.url} at ${source.commit.slice(0, 12)}: ${JSON.stringify(source.path)} ${what}; correct the path`;
    throw new MooringError("GIT_PATH_NOT_FOUND", message, { key: source.repository.url });
  }
  if (from.oidBytes !== mirror.oidBytes)
    throw invalid(url, `its object ids are not of the kind of ${source.repository.url}; convert one of them`);
  const files = await listFiles(from, { tree: folder.oid, url: source.repository.url, signal });
  requireNoSubmodule(files, { ...source, isKept });
  const kept =
    before === undefined || keep.length === 0
      ? []
      : (await listFiles(mirror, { tree: before.oid, url, signal })).filter(({ path }) => isKept(path));
  const place = (path: string) => (to === "" ? path : `${to}/${path}`);
  const edits = [
    putObject(to, { mode: "040000", oid: folder.oid }),
    ...files.filter(({ path }) => isKept(path)).map(({ path }) => remove(place(path))),
    ...kept.map((file) => putObject(requireName(place(file.path), url), file)),
  ];
  return async () => {
    const isElsewhere =
      openRemote(source.repository, host.remotes).identity !== openRemote(repository, host.remotes).identity;
    if (isElsewhere) await transfer(from, mirror, { tree: folder.oid, url, signal });
    return edits;
  };
}

/** What is at the place; throws where a file or a submodule is in the way. */
async function requireFolder(
  host: MirrorHost,
  repository: RepositoryAccess,
  { ours, to, signal }: Pick<CopyPreparation, "ours" | "to" | "signal">,
): Promise<TreeEntry | undefined> {
  if (to !== "") requirePath(to, repository.url);
  const tree = await host.open(repository, ours, signal);
  const steps = to === "" ? [] : to.split("/");
  let found: TreeEntry | undefined;
  for (let length = 0; length <= steps.length; length += 1) {
    const path = steps.slice(0, length).join("/");
    found = await tree.stat(path, signal);
    if (found !== undefined && found.type !== "directory")
      throw invalid(
        repository.url,
        `${path}: is a ${found.type}, where a folder is to be; choose another path`,
      );
  }
  return found;
}

/** Every file below a tree, by its path; nothing of what is in them is read. */
async function listFiles(
  mirror: Mirror,
  { tree, url, signal }: { readonly tree: string; readonly url: string; readonly signal: AbortSignal },
): Promise<readonly ListedFile[]> {
  const args = ["--git-dir", mirror.directory, "ls-tree", "-r", "-z", tree];
  const outcome = await mirror.git(args, { signal });
  if (outcome.end === "too-large")
    throw new MooringError(
      "GIT_TOO_LARGE",
      `repository ${url}: the folder has too many files; name a smaller one`,
      {
        key: url,
      },
    );
  if (outcome.exitCode !== 0)
    throw new MooringError("GIT_FAILED", `repository ${url}: its files cannot be listed; it is tried again`, {
      key: url,
    });
  return outcome.stdout
    .toString("utf8")
    .split("\0")
    .flatMap((line) => {
      const { mode, oid, path } =
        /^(?<mode>\d{6}) \w+ (?<oid>[0-9a-f]+)\t(?<path>[^]*)$/u.exec(line)?.groups ?? {};
      return mode === undefined || oid === undefined || path === undefined ? [] : [{ mode, oid, path }];
    });
}

function requireNoSubmodule(
  files: readonly ListedFile[],
  { repository, path, isKept }: CopyPreparation["source"] & { readonly isKept: (path: string) => boolean },
): void {
  const submodule = files.find((file) => file.mode === "160000" && !isKept(file.path));
  if (submodule === undefined) return;
  const shown = path === "" ? submodule.path : `${path}/${submodule.path}`;
  throw invalid(
    repository.url,
    `${shown}: is a submodule, which cannot be copied; put its files there, or keep it out`,
  );
}

/** A name that is no UTF-8 was read with U+FFFD in it. */
function requireName(path: string, url: string): string {
  if (!path.includes("\uFFFD")) return path;
  throw invalid(url, `${path}: cannot be kept, since its name is no UTF-8; rename it`);
}

/** Brings a tree with all in it from one mirror into another. Only in the turn of the second. */
async function transfer(
  from: Mirror,
  to: Mirror,
  { tree, url, signal }: { readonly tree: string; readonly url: string; readonly signal: AbortSignal },
): Promise<void> {
  const pack = join(to.directory, "objects", "pack", "pack");
  const args = ["--git-dir", from.directory, "pack-objects", "--revs", "-q", pack];
  const outcome = await from.git(args, { signal, input: Buffer.from(`${tree}\n`) });
  if (outcome.end === "exit" && outcome.exitCode === 0) return;
  const said = outcome.end === "exit" ? outcome.stderr.trim().split("\n").at(-1) : outcome.end;
  throw new MooringError(
    "GIT_FAILED",
    `repository ${url}: objects cannot be brought there: ${said}; it is tried again`,
    { key: url },
  );
}

import type { GitTarget } from "#core/images/index.ts";
import { normalisePath } from "#core/source/index.ts";
import { describeImages } from "#engine/images/commit-message.ts";
import type { EditedPath } from "#engine/images/edit-files.ts";
import { editFiles, requireNamed } from "#engine/images/edit-files.ts";
import { walkYaml } from "#engine/images/walk-yaml.ts";
import type { WantedImages } from "#engine/images/wanted-images.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { ForgePlace } from "../forge-place.ts";
import { forgePlace } from "../forge-place.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";
import type { AccessValues } from "./repository-access.ts";
import { accessFlags, repositoryAccess, signingKeyOf } from "./repository-access.ts";

/** Writing to a repository in place of files of this machine. */
export const repositoryFlags = {
  repo: {
    type: "string",
    value: "URL",
    description: "Write to this Git repository in place of local files, in one commit",
  },
  branch: {
    type: "string",
    value: "NAME",
    description: "Branch to read and, without --push-branch, to write; main by default",
  },
  "push-branch": {
    type: "string",
    value: "NAME",
    description: "Branch that gets the commit, made or led anew from --branch, such as for a pull request",
  },
  message: {
    type: "string",
    short: "m",
    value: "TEXT",
    description: "What the commit says; by default which images, and every place",
  },
  author: {
    type: "string",
    value: "NAME <EMAIL>",
    description: "Who wrote the commit; Mooring <mooring@localhost> by default",
  },
  ...accessFlags,
} as const satisfies Flags;

export type RepositoryValues = FlagValues<typeof repositoryFlags>;

/** Flags that say nothing without --repo. */
export function requireRepository(given: RepositoryValues): void {
  if (given.repo !== undefined) return;
  const idle = (Object.keys(repositoryFlags) as (keyof RepositoryValues)[]).find(
    (name) => given[name] !== undefined,
  );
  if (idle !== undefined) throw usageError(`flag --${idle}: it goes with --repo URL`);
}

export interface CommittedImages {
  readonly files: readonly EditedPath[];
  /** Undefined when there was nothing to change, and on a dry run. */
  readonly commit: string | undefined;
  /** The address of the pull request that asks for it to be merged. */
  readonly proposed: string | undefined;
}

/** Where commits go, and what they say in place of which images they set. */
export interface WriteTarget extends Pick<
  GitTarget,
  "repoUrl" | "branch" | "pushBranch" | "paths" | "author"
> {
  readonly message?: ((wanted: WantedImages, changed: readonly EditedPath[]) => string) | undefined;
}

/** As flags say it. Throws CLI_USAGE. */
export function targetOf(paths: readonly string[], given: RepositoryValues): WriteTarget {
  return {
    repoUrl: given.repo ?? "",
    branch: given.branch ?? "main",
    pushBranch: given["push-branch"],
    paths,
    author: parseAuthor(given.author),
    message: given.message === undefined ? undefined : plainMessage(given.message),
  };
}

function plainMessage(text: string): () => string {
  if (text.trim() === "")
    throw usageError("message: says nothing; write what the commit does, or leave --message out");
  return () => text;
}

interface Committing {
  readonly target: WriteTarget;
  readonly given: AccessValues;
  readonly isDryRun: boolean;
  /** Whether it is an error when no file names one of the images. */
  readonly requireAll: boolean;
  readonly ports: CliPorts;
}

/** Writes images into a branch, without a checkout; when the branch moves meanwhile, into what it then is. */
export async function commitImages(
  wanted: WantedImages,
  { target, given, isDryRun, requireAll, ports }: Committing,
): Promise<CommittedImages> {
  const { repoUrl, branch, pushBranch, paths, author, message } = target;
  const forge = forgeFor(target, given, ports);
  const access = await repositoryAccess(repoUrl, given, ports);
  const { signal } = ports;
  const below = (paths.length === 0 ? ["."] : paths).map((each) => normalisePath(each));
  let files: readonly EditedPath[] = [];
  const edit = async (tree: SourceTree) => {
    files = await editFiles(
      below.map((each) => walkYaml(tree, each, signal)),
      wanted,
    );
    if (requireAll) requireNamed(wanted, files);
    return files.filter(({ edits }) => edits.length > 0);
  };
  await using git = await ports.startGit();
  if (isDryRun) {
    const { commit } = await git.resolve(access, `refs/heads/${branch}`, { maxAgeMs: 0, signal });
    await edit(await git.open(access, commit, signal));
    return { files, commit: undefined, proposed: undefined };
  }
  let said = "";
  const done = await git.commit(access, {
    branch,
    to: pushBranch,
    author,
    signingKey: await signingKeyOf(given, ports),
    change: async (tree) => {
      const changed = await edit(tree);
      if (changed.length === 0) return undefined;
      said = (message ?? describeImages)(wanted, changed);
      return { files: new Map(changed.map(({ path: name, text }) => [name, text])), message: said };
    },
    signal,
  });
  if (done === undefined) return { files, commit: undefined, proposed: undefined };
  // A branch that holds the change from a run that broke off is proposed all the same.
  const proposed = forge === undefined ? undefined : await propose(forge, said);
  if (done.isNew) return { files, commit: done.commit, proposed };
  return { files: files.map((file) => ({ ...file, edits: [] })), commit: undefined, proposed };
}

async function propose({ target, place, ports }: Proposing, said: string): Promise<string> {
  const [title = "", ...rest] = said.trim().split("\n");
  const { settings, repository } = place;
  const { branch, pushBranch = "" } = target;
  const proposal = { repository, from: pushBranch, into: branch, title, body: rest.join("\n").trim() };
  return (await (await ports.connectForge(settings)).propose(proposal)).url;
}

interface Proposing {
  readonly target: WriteTarget;
  readonly place: ForgePlace;
  readonly ports: CliPorts;
}

/** Known before anything is written: a branch without its pull request would wait for nobody. */
function forgeFor(
  target: WriteTarget,
  { propose: kind }: AccessValues,
  ports: CliPorts,
): Proposing | undefined {
  const { branch, pushBranch } = target;
  if (kind === undefined) return undefined;
  if (pushBranch === undefined || pushBranch === branch) {
    throw usageError(
      "flag --propose: there is no other branch to be merged; give --push-branch, or spec.git.pushBranch",
    );
  }
  return { target, place: forgePlace(kind, ports.env, "propose"), ports };
}

function parseAuthor(text = "Mooring <mooring@localhost>"): {
  readonly name: string;
  readonly email: string;
} {
  const { name, email } = /^(?<name>[^<>\n]+) <(?<email>[^<>\s]+)>$/u.exec(text)?.groups ?? {};
  if (name !== undefined && email !== undefined) return { name, email };
  throw usageError(`flag --author ${JSON.stringify(text)}: write NAME <EMAIL>`);
}

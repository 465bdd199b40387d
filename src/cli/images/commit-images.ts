import path from "node:path";
import type { RepositoryAccess, RepositoryCredentials } from "#core/repo/index.ts";
import { parseRepositoryUrl } from "#core/repo/index.ts";
import { formatImage } from "#core/images/index.ts";
import { normalisePath } from "#core/source/index.ts";
import type { WantedImages } from "#engine/images/wanted-images.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readText } from "../read-text.ts";
import { usageError } from "../usage-error.ts";
import type { EditedPath } from "./edit-files.ts";
import { editFiles } from "./edit-files.ts";
import { walkYaml } from "./find-yaml.ts";
import { editLines } from "./report-edits.ts";

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
  "signing-key": {
    type: "string",
    value: "FILE",
    description:
      "Private key to sign the commit with: armored PGP (its passphrase from MOORING_SIGNING_PASSPHRASE) or SSH",
  },
  username: {
    type: "string",
    value: "NAME",
    description: "User name for HTTPS; the password comes from MOORING_REPO_PASSWORD",
  },
  "ssh-private-key-path": { type: "string", value: "FILE", description: "SSH private key" },
  "ssh-known-hosts": {
    type: "string",
    value: "FILE",
    description: "Known hosts; ~/.ssh/known_hosts by default",
  },
  "insecure-skip-server-verification": {
    type: "boolean",
    description: "Check neither certificate nor host key",
  },
} as const satisfies Flags;

export type RepositoryValues = FlagValues<typeof repositoryFlags>;

const maxMessageBytes = 16_384;

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
}

interface Committing {
  readonly paths: readonly string[];
  readonly given: RepositoryValues;
  readonly isDryRun: boolean;
  readonly ports: CliPorts;
}

/** Writes images into a branch, without a checkout; when the branch moves meanwhile, into what it then is. */
export async function commitImages(
  wanted: WantedImages,
  { paths, given, isDryRun, ports }: Committing,
): Promise<CommittedImages> {
  if (given.message?.trim() === "")
    throw usageError("flag --message: says nothing; write what the commit does");
  const access = await accessTo(given, ports);
  const { signal } = ports;
  const branch = given.branch ?? "main";
  const below = paths.map((each) => normalisePath(each));
  let files: readonly EditedPath[] = [];
  const edit = async (tree: SourceTree) => {
    files = await editFiles(
      below.map((each) => walkYaml(tree, each, signal)),
      wanted,
    );
    return files.filter(({ edits }) => edits.length > 0);
  };
  await using git = await ports.startGit();
  if (isDryRun) {
    const { commit } = await git.resolve(access, `refs/heads/${branch}`, { maxAgeMs: 0, signal });
    await edit(await git.open(access, commit, signal));
    return { files, commit: undefined };
  }
  const done = await git.commit(access, {
    branch,
    to: given["push-branch"],
    author: parseAuthor(given.author),
    signingKey: await signingKeyOf(given, ports),
    change: async (tree) => {
      const changed = await edit(tree);
      if (changed.length === 0) return undefined;
      return {
        files: new Map(changed.map(({ path: name, text }) => [name, text])),
        message: given.message ?? messageOf(wanted, changed),
      };
    },
    signal,
  });
  if (done !== undefined) return { files, commit: done.commit };
  return { files: files.map((file) => ({ ...file, edits: [] })), commit: undefined };
}

function messageOf({ images, policies }: WantedImages, changed: readonly EditedPath[]): string {
  const all = [...images.map(({ image }) => image), ...policies.values()].map((image) => formatImage(image));
  const [first = ""] = all;
  const title = all.length === 1 ? `Set ${first}` : `Set ${all.length} images`;
  const rest = all.length === 1 ? [] : [...all, ""];
  return fitting([title, "", ...rest, ...editLines(changed).slice(0, 200)]);
}

/** As many lines as a message may have: places of long paths and digests are longer than anybody reads. */
function fitting(lines: readonly string[]): string {
  let bytes = 0;
  return lines.filter((line) => (bytes += Buffer.byteLength(line) + 1) <= maxMessageBytes).join("\n");
}

function parseAuthor(text = "Mooring <mooring@localhost>"): {
  readonly name: string;
  readonly email: string;
} {
  const { name, email } = /^(?<name>[^<>\n]+) <(?<email>[^<>\s]+)>$/u.exec(text)?.groups ?? {};
  if (name !== undefined && email !== undefined) return { name, email };
  throw usageError(`flag --author ${JSON.stringify(text)}: write NAME <EMAIL>`);
}

async function signingKeyOf(given: RepositoryValues, ports: CliPorts): Promise<SigningKey | undefined> {
  const file = given["signing-key"];
  if (file === undefined) return undefined;
  return { key: await readText(file, ports), passphrase: ports.env["MOORING_SIGNING_PASSPHRASE"] };
}

async function accessTo(given: RepositoryValues, ports: CliPorts): Promise<RepositoryAccess> {
  const url = parseRepositoryUrl(given.repo ?? "");
  const isSsh = url.transport === "ssh";
  return {
    url: given.repo ?? "",
    credentials: await credentialsOf(given, ports),
    insecureSkipVerify: given["insecure-skip-server-verification"] === true,
    ...(isSsh ? { sshKnownHosts: await knownHosts(given, ports) } : {}),
  };
}

async function credentialsOf(given: RepositoryValues, ports: CliPorts): Promise<RepositoryCredentials> {
  const { username, "ssh-private-key-path": keyPath } = given;
  if (keyPath !== undefined) return { kind: "ssh", privateKey: await readText(keyPath, ports) };
  const password = ports.env["MOORING_REPO_PASSWORD"];
  if (password !== undefined) return { kind: "basic", username: username ?? "git", password };
  const token = ports.env["MOORING_REPO_BEARER_TOKEN"];
  if (token !== undefined) return { kind: "bearer", token };
  if (username !== undefined)
    throw usageError("flag --username: the password comes from MOORING_REPO_PASSWORD; set it");
  return { kind: "none" };
}

/** A host that is not among them is refused when it is met, with what to do. */
async function knownHosts(given: RepositoryValues, ports: CliPorts): Promise<string> {
  const named = given["ssh-known-hosts"];
  if (named !== undefined) return await readText(named, ports);
  const usual = path.join(ports.env["HOME"] ?? "", ".ssh", "known_hosts");
  return await ports.readFile(usual).catch(() => "");
}

import { execFile, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Files of a commit by path; `null` removes one where a commit changes what is there. */
type Files = Readonly<Record<string, string | null>>;

interface CommitOptions {
  /** `main` by default. */
  readonly branch?: string;
  readonly message?: string;
  /** `Ada Lovelace <ada@example.com>` by default. */
  readonly author?: string;
  /** Seconds since the Unix epoch; now by default. */
  readonly timeSeconds?: number;
}

/** A bare repository made for a test, with git itself. */
export interface TestRepository {
  readonly directory: string;
  /** The `file://` URL. */
  readonly url: string;
  /** Commits exactly these files and moves the branch there; gives the commit's id. */
  commit(files: Files, options?: CommitOptions): Promise<string>;
  /** Commits changes to what the branch has. */
  change(files: Files, options?: CommitOptions): Promise<string>;
  /** Makes a lightweight tag, or an annotated one when it has a message. */
  tag(name: string, commit: string, message?: string): Promise<void>;
  /** Makes a branch or moves it, forced. */
  branch(name: string, commit: string): Promise<void>;
  deleteBranch(name: string): Promise<void>;
  /** Runs any git command on the repository; gives its standard output, trimmed. */
  git(...args: readonly string[]): Promise<string>;
}

const environment = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada Lovelace",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada Lovelace",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  LC_ALL: "C",
};

function importData(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}

function modeOf(path: string, content: string): string {
  if (content.startsWith("symlink:")) return "120000";
  return path.endsWith(".sh") ? "100755" : "100644";
}

function importFile([path, content]: [string, string | null]): string {
  const quoted = JSON.stringify(path);
  if (content === null) return `D ${quoted}\n`;
  const mode = modeOf(path, content);
  return `M ${mode} inline ${quoted}\n${importData(content.replace(/^symlink:/, ""))}`;
}

async function fastImport(directory: string, stream: string): Promise<string> {
  const child = spawn("git", ["--git-dir", directory, "fast-import", "--quiet", "--force", "--done"], {
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(stream);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (!/^[0-9a-f]{40,64}\n$/.test(stdout)) throw new Error(`git fast-import failed: ${stderr}`);
  return stdout.trim();
}

/**
 * Makes an empty bare repository. A file whose content begins with `symlink:` is a symbolic link to the rest; a path that ends
 * in `.sh` is executable.
 */
export async function createRepository(
  directory: string,
  options: { readonly objectFormat?: "sha1" | "sha256" } = {},
): Promise<TestRepository> {
  await mkdir(directory, { recursive: true });
  const format = `--object-format=${options.objectFormat ?? "sha1"}`;
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", format, directory], {
    env: environment,
  });
  const git = async (...args: readonly string[]) => {
    const { stdout } = await run("git", ["--git-dir", directory, ...args], { env: environment });
    return stdout.trim();
  };
  const write = async (files: Files, from: "nothing" | "branch", commit: CommitOptions = {}) => {
    const ref = `refs/heads/${commit.branch ?? "main"}`;
    const author = commit.author ?? "Ada Lovelace <ada@example.com>";
    const time = `${commit.timeSeconds ?? Math.floor(Date.now() / 1_000)} +0000`;
    const parent = await git("for-each-ref", "--format=%(objectname)", ref);
    return await fastImport(
      directory,
      [
        `commit ${ref}\nmark :1\nauthor ${author} ${time}\ncommitter ${author} ${time}\n`,
        importData(commit.message ?? "a change"),
        parent === "" ? "" : `from ${parent}\n`,
        from === "nothing" ? "deleteall\n" : "",
        ...Object.entries(files).map((file) => importFile(file)),
        "\nget-mark :1\ndone\n",
      ].join(""),
    );
  };
  return {
    directory,
    url: pathToFileURL(directory).href,
    git,
    commit: async (files, commit) => await write(files, "nothing", commit),
    change: async (files, commit) => await write(files, "branch", commit),
    tag: async (name, commit, message) => {
      await git("tag", "--force", ...(message === undefined ? [] : ["-a", "-m", message]), name, commit);
    },
    branch: async (name, commit) => {
      await git("update-ref", `refs/heads/${name}`, commit);
    },
    deleteBranch: async (name) => {
      await git("update-ref", "-d", `refs/heads/${name}`);
    },
  };
}

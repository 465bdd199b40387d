import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the demo's manifest says; everything else in it stays. */
export interface Hello {
  readonly replicas: number;
  readonly image: string;
}

/** An ordinary git working copy that the user can commit to as well. */
export interface HelloRepository {
  readonly directory: string;
  readonly url: string;
  /** Runs git in it; gives what it prints. */
  git(...args: readonly string[]): Promise<string>;
  /** Writes the manifest and commits it; gives the short commit id. */
  commit(hello: Hello, message: string): Promise<string>;
}

/** The article's Deployment. */
export function manifest({ replicas, image }: Hello): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hello-world
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: hello-world
  template:
    metadata:
      labels:
        app: hello-world
    spec:
      containers:
        - name: hello-world
          image: ${image}
          ports:
            - containerPort: 80
`;
}

/**
 * Makes the repository. A file:// URL has no webhook: `afterCommit`, a shell command, runs after every commit and every
 * push, so that those of the user are noticed as well; empty for none.
 */
export async function createHelloRepository(
  directory: string,
  afterCommit: string,
): Promise<HelloRepository> {
  await mkdir(directory, { recursive: true });
  const git = async (...args: readonly string[]) => {
    const { stdout } = await run("git", ["-C", directory, ...args], { env: environment() });
    return stdout.trim();
  };
  await git("init", "--quiet", "--initial-branch=main");
  const hooks = path.join(directory, ".git", "hooks");
  // The user's own git configuration must neither sign these commits nor bring other hooks.
  for (const [name, value] of [
    ["user.name", "Demo"],
    ["user.email", "demo@example.com"],
    ["commit.gpgsign", "false"],
    ["core.hooksPath", hooks],
    // What Mooring pushes is checked out here at once.
    ["receive.denyCurrentBranch", "updateInstead"],
  ] as const) {
    await git("config", name, value);
  }
  await mkdir(hooks, { recursive: true });
  for (const hook of afterCommit === "" ? [] : ["post-commit", "post-receive"])
    await writeFile(path.join(hooks, hook), `#!/bin/sh\n${afterCommit}\n`, { mode: 0o755 });
  return {
    directory,
    url: pathToFileURL(directory).href,
    git,
    commit: async (hello, message) => {
      await writeFile(path.join(directory, "deployment.yaml"), manifest(hello));
      await git("add", "deployment.yaml");
      await git("commit", "--quiet", "-m", message);
      return git("rev-parse", "--short", "HEAD");
    },
  };
}

/** Without what a git hook that started us would hand on. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
}

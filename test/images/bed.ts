import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { TestCli } from "#test/cli/run.ts";
import { openCli } from "#test/cli/run.ts";
import type { DockerRegistry } from "#test/registry-servers/index.ts";
import { startDockerRegistry } from "#test/registry-servers/index.ts";

/** A directory with these files, which is deleted when the test ends. */
export async function directoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-images-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

/** The command line, with a directory and no cluster of its own. */
export async function startMooring(): Promise<TestCli> {
  const directory = await directoryOf({});
  // What neither asks for a cluster needs no kubeconfig.
  return openCli({ namespace: "argocd", directory }, join(directory, "no-kubeconfig"));
}

/** Every file below a directory with its text. */
export async function textsOf(directory: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const));
  return Object.fromEntries(texts);
}

/** A registry that ends with the test. */
export async function startServer(auth?: "token"): Promise<DockerRegistry> {
  const server = await startDockerRegistry({ directory: await directoryOf({}), ...(auth && { auth }) });
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  return server;
}

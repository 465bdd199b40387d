import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { describeSourceTree } from "#test/contracts/source-tree.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { openDirectoryTree } from "./directory-tree.ts";

const signal = new AbortController().signal;
let scratch = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mooring-directory-"));
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function writeNode(path: string, node: MemoryNode): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof node === "string" || node instanceof Uint8Array) await writeFile(path, node);
  else if ("symlink" in node) await symlink(node.symlink, path);
  else if ("executable" in node) {
    await writeFile(path, node.executable);
    await chmod(path, 0o755);
  } else throw new Error("a directory has no submodules");
}

async function directoryOf(files: Readonly<Record<string, MemoryNode>>): Promise<string> {
  const directory = await mkdtemp(join(scratch, "tree-"));
  for (const [path, node] of Object.entries(files)) await writeNode(join(directory, path), node);
  return directory;
}

describeSourceTree("local directory", async (files) => openDirectoryTree(await directoryOf(files)));

describe("a local directory", () => {
  it("keeps what is behind a symbolic link out of the tree, wherever it leads", async () => {
    const outside = await directoryOf({ "secret.yaml": "secret" });
    const tree = openDirectoryTree(await directoryOf({ "in/a.yaml": "a", out: { symlink: outside } }));
    expect(await tree.stat("out", signal)).toMatchObject({ type: "symlink" });
    expect(await tree.stat("out/secret.yaml", signal)).toBeUndefined();
    await expect(tree.read("out/secret.yaml", { maxBytes: 100, signal })).rejects.toMatchObject({
      code: "GIT_PATH_NOT_FOUND",
    });
  });

  it("has neither its .git nor anything that is no file", async () => {
    const directory = await directoryOf({ "a.yaml": "a", ".git/config": "c", "sub/.git": "gitdir: x" });
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(join(directory, "pipe"), resolve));
    const tree = openDirectoryTree(directory);
    expect((await tree.list("", signal))?.map((entry) => entry.name)).toEqual(["a.yaml", "sub"]);
    expect(await tree.stat(".git/config", signal)).toBeUndefined();
    expect(await tree.stat("pipe", signal)).toBeUndefined();
  });

  it("says what is wrong when it is not there", async () => {
    await expect(openDirectoryTree(join(scratch, "none")).stat("", signal)).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

import { describe, expect, it } from "vitest";
import type { SourceTree } from "#ports/source-tree.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";

const signal = new AbortController().signal;

/** The files that the suite asks for. */
const files: Readonly<Record<string, MemoryNode>> = {
  "README.md": "hello\n",
  "apps/b.yaml": "b: 1\n",
  "apps/a.yaml": "a: 1\n",
  "apps/nested/deep.yaml": "same\n",
  "apps/run.sh": { executable: "#!/bin/sh\n" },
  "copy/deep.yaml": "same\n",
  "link.yaml": { symlink: "apps/a.yaml" },
  "apps/with space & ünïcode.yaml": "u: 1\n",
  empty: "",
};

/**
 * What every SourceTree does. `open` gives a tree that holds these files and no others. Submodules are left to the
 * implementation's own tests.
 */
export function describeSourceTree(
  name: string,
  open: (files: Readonly<Record<string, MemoryNode>>) => Promise<SourceTree>,
): void {
  describe(`${name} source tree`, () => {
    describeStatAndList(open);
    describeObjectIds(open);
    describeNothing(open);
    describeRead(open);
  });
}

type Open = (files: Readonly<Record<string, MemoryNode>>) => Promise<SourceTree>;

function describeStatAndList(open: Open): void {
  it("has a directory as its root, named by the empty path", async () => {
    const tree = await open(files);
    expect(await tree.stat("", signal)).toMatchObject({ type: "directory" });
    expect((await tree.list("", signal))?.map((entry) => `${entry.type} ${entry.name}`)).toEqual([
      "file README.md",
      "directory apps",
      "directory copy",
      "file empty",
      "symlink link.yaml",
    ]);
  });

  it("lists a directory sorted by name with types and the executable bit", async () => {
    const tree = await open(files);
    const entries = await tree.list("apps", signal);
    expect(entries?.map((entry) => [entry.name, entry.type, entry.executable])).toEqual([
      ["a.yaml", "file", false],
      ["b.yaml", "file", false],
      ["nested", "directory", false],
      ["run.sh", "file", true],
      ["with space & ünïcode.yaml", "file", false],
    ]);
  });

  it("gives the same entry from stat as from list", async () => {
    const tree = await open(files);
    for (const entry of (await tree.list("apps", signal)) ?? []) {
      expect(await tree.stat(`apps/${entry.name}`, signal)).toEqual(entry);
    }
  });
}

function describeObjectIds(open: Open): void {
  it("gives equal content equal object ids, files and directories alike", async () => {
    const tree = await open(files);
    const [deep, copy] = await Promise.all(
      ["apps/nested", "copy"].map(async (path) => (await tree.stat(path, signal))?.oid),
    );
    expect(deep).toBe(copy);
    expect((await tree.stat("apps/a.yaml", signal))?.oid).not.toBe(
      (await tree.stat("apps/b.yaml", signal))?.oid,
    );
  });

  it("changes a directory's object id when something far below it changes", async () => {
    const [before, after] = await Promise.all([
      open(files),
      open({ ...files, "apps/nested/deep.yaml": "other\n" }),
    ]);
    expect((await before.stat("apps", signal))?.oid).not.toBe((await after.stat("apps", signal))?.oid);
    expect((await before.stat("copy", signal))?.oid).toBe((await after.stat("copy", signal))?.oid);
  });
}

function describeNothing(open: Open): void {
  it("finds nothing where nothing is, below files, through symlinks and outside the tree", async () => {
    const tree = await open(files);
    for (const path of [
      "none",
      "apps/none.yaml",
      "README.md/x",
      "link.yaml/x",
      "../README.md",
      "apps/../..",
    ]) {
      expect(await tree.stat(path, signal)).toBeUndefined();
      expect(await tree.list(path, signal)).toBeUndefined();
    }
    expect(await tree.list("README.md", signal)).toBeUndefined();
    expect(await tree.list("link.yaml", signal)).toBeUndefined();
  });
}

function describeRead(open: Open): void {
  const read = async (path: string, maxBytes = 1024): Promise<string> => {
    const tree = await open(files);
    return new TextDecoder().decode(await tree.read(path, { maxBytes, signal }));
  };

  it("reads files, empty ones and odd names included, and a symlink's target", async () => {
    expect(await read("README.md")).toBe("hello\n");
    expect(await read("empty")).toBe("");
    expect(await read("apps/with space & ünïcode.yaml")).toBe("u: 1\n");
    expect(await read("link.yaml")).toBe("apps/a.yaml");
  });

  it("refuses a missing file and a directory with GIT_PATH_NOT_FOUND", async () => {
    await expect(read("apps/none.yaml")).rejects.toMatchObject({ code: "GIT_PATH_NOT_FOUND" });
    await expect(read("apps")).rejects.toMatchObject({ code: "GIT_PATH_NOT_FOUND" });
  });

  it("refuses a file larger than the limit with GIT_TOO_LARGE and reads one just as large", async () => {
    await expect(read("README.md", 5)).rejects.toMatchObject({ code: "GIT_TOO_LARGE" });
    expect(await read("README.md", 6)).toBe("hello\n");
  });

  it("keeps working after a refused read", async () => {
    const tree = await open(files);
    await expect(tree.read("README.md", { maxBytes: 1, signal })).rejects.toMatchObject({
      code: "GIT_TOO_LARGE",
    });
    const content = await tree.read("apps/a.yaml", { maxBytes: 100, signal });
    expect(new TextDecoder().decode(content)).toBe("a: 1\n");
  });

  it("answers many reads at once, each with its own content", async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, `${i}\n`.repeat(i + 1)]));
    const tree = await open(many);
    const contents = await Promise.all(
      Object.keys(many).map(async (path) =>
        new TextDecoder().decode(await tree.read(path, { maxBytes: 10_000, signal })),
      ),
    );
    expect(contents).toEqual(Object.values(many));
  });

  it("rejects with the reason of a signal that has aborted", async () => {
    const tree = await open(files);
    await expect(tree.read("README.md", { maxBytes: 10, signal: AbortSignal.abort() })).rejects.toMatchObject(
      { name: "AbortError" },
    );
  });
}

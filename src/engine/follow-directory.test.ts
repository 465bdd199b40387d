import { describe, expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { followDirectory } from "./follow-directory.ts";

const tree = createMemoryTree({
  "real/deep/a.yaml": "a",
  "apps/link": { symlink: "../real/deep" },
  "apps/twice": { symlink: "link" },
  "apps/out": { symlink: "../../etc" },
  "apps/absolute": { symlink: "/etc" },
  "apps/circle": { symlink: "circle" },
});

const followed = (path: string) => followDirectory(tree, path, new AbortController().signal).catch(messageOf);

describe("a source's path", () => {
  it.each([
    ["", ""],
    ["real/deep", "real/deep"],
    ["apps/link", "real/deep"],
    ["apps/twice", "real/deep"],
    ["apps/none/x", "apps/none/x"],
    ["apps/out", "path apps/out: a symbolic link leads out of the repository"],
    ["apps/absolute", "path apps/absolute: a symbolic link leads out of the repository"],
    ["apps/circle", "path apps/circle: a symbolic link goes in circles"],
  ])("%s is at %s", async (path, expected) => {
    expect(await followed(path)).toBe(expected);
  });
});

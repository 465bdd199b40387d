import { expect, it } from "vitest";
import { createFilesTree } from "./files-tree.ts";

const { signal } = new AbortController();
const tree = createFilesTree(
  new Map([
    ["web/b.yaml", "b"],
    ["web/a.yaml", "ä"],
    ["c.yaml", "c"],
  ]),
);

it("single files are a tree with their directories and nothing besides", async () => {
  expect(await tree.list("", signal)).toMatchObject([
    { name: "c.yaml", type: "file" },
    { name: "web", type: "directory" },
  ]);
  expect(await tree.list("web", signal)).toMatchObject([{ name: "a.yaml" }, { name: "b.yaml" }]);
  expect(await tree.stat("", signal)).toMatchObject({ type: "directory" });
  expect(await tree.stat("we", signal)).toBeUndefined();
  expect(await tree.list("c.yaml", signal)).toBeUndefined();
});

it("files are read whole, and refused when they are missing or too large", async () => {
  const read = (path: string, maxBytes = 10) => tree.read(path, { maxBytes, signal });
  expect(new TextDecoder().decode(await read("web/a.yaml"))).toBe("ä");
  await expect(read("web")).rejects.toMatchObject({ code: "GIT_PATH_NOT_FOUND" });
  await expect(read("web/a.yaml", 1)).rejects.toMatchObject({ code: "GIT_TOO_LARGE" });
});

import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Renderer, RenderRequest, RenderResult } from "#ports/renderer.ts";
import { describeRenderer } from "#test/contracts/renderer.ts";
import type { MemoryNode, MemoryTree } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { startRenderer } from "./renderer.ts";

const source = { tool: "directory", recurse: true, include: "", exclude: "" } as const;
const signal = new AbortController().signal;
const configMap = (name: string, value = "1"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  value: "${value}"\n`;

describeRenderer("directory", {
  start: () => startRenderer({ workers: 1 }),
  source,
  sourceType: "Directory",
  filesFor: (names) => Object.fromEntries(names.map((name) => [`${name}.yaml`, configMap(name)])),
  brokenFiles: { "a.yaml": `${configMap("a")}broken` },
});

const requestFor = (tree: MemoryTree, rest: Partial<RenderRequest> = {}): RenderRequest => ({
  tree,
  repositoryUrl: "https://git.example.com/shop.git",
  path: "app",
  source,
  signal,
  ...rest,
});

describe("a render is repeated only when something that it read changed", () => {
  let renderer: Renderer;
  beforeAll(async () => {
    renderer = await startRenderer({ workers: 1 });
  });
  afterAll(() => renderer[Symbol.asyncDispose]());

  const files: Record<string, MemoryNode> = {
    "app/a.yaml": configMap("a"),
    "app/sub/b.yaml": configMap("b"),
    "app/link.yaml": { symlink: "../shared/c.yaml" },
    "app/notes.md": "1",
    "shared/c.yaml": configMap("c"),
    "shared/d.yaml": configMap("d"),
  };
  const wasCached = async (changed: Record<string, MemoryNode>, rest: Partial<RenderRequest> = {}) =>
    (await renderer.render(requestFor(createMemoryTree({ ...files, ...changed }), rest))).cached;

  it.each([
    ["a file outside the path", { "other/x.yaml": "1" }, true],
    ["a file beside a link's target", { "shared/d.yaml": "2" }, true],
    ["a file of another type in the directory", { "app/notes.md": "2", "app/more.md": "3" }, true],
    ["a manifest", { "app/a.yaml": configMap("a", "2") }, false],
    ["a manifest deeper down", { "app/sub/b.yaml": configMap("b", "2") }, false],
    ["a new manifest", { "app/sub/new.yaml": configMap("new") }, false],
    ["a new directory", { "app/other/new.yaml": configMap("new") }, false],
    ["a link's target", { "shared/c.yaml": configMap("c", "2") }, false],
    ["a link that points elsewhere", { "app/link.yaml": { symlink: "../shared/d.yaml" } }, false],
    ["a file in place of a link", { "app/link.yaml": configMap("c") }, false],
  ])("%s", async (_, changed, cached) => {
    await wasCached({});
    expect(await wasCached(changed)).toBe(cached);
  });

  it("is told apart by path, repository and parameters", async () => {
    await wasCached({});
    expect(await wasCached({}, { path: "app/sub" })).toBe(false);
    expect(await wasCached({}, { repositoryUrl: "https://git.example.com/other.git" })).toBe(false);
    expect(await wasCached({}, { source: { ...source, exclude: "sub/*" } })).toBe(false);
    expect(await wasCached({})).toBe(true);
  });

  it("is found again after going back to an earlier commit", async () => {
    expect(await wasCached({ "app/a.yaml": configMap("a", "x") })).toBe(false);
    expect(await wasCached({})).toBe(true);
    expect(await wasCached({ "app/a.yaml": configMap("a", "x") })).toBe(true);
  });

  it("asks an unchanged tree one question", async () => {
    await wasCached({});
    const { "app/link.yaml": _, ...plain } = files;
    await renderer.render(requestFor(createMemoryTree(plain)));
    const tree = createMemoryTree({ ...plain, "elsewhere.txt": "new" });
    await renderer.render(requestFor(tree));
    expect(tree.calls).toEqual(["stat app"]);
  });

  it("is shared by those who ask for the same at the same time", async () => {
    const tree = createMemoryTree({ "app/a.yaml": configMap("shared") });
    const leaving = new AbortController();
    const left = renderer.render(requestFor(tree, { signal: leaving.signal }));
    const stayed = renderer.render(requestFor(tree));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    expect((await stayed).objectCount).toBe(1);
    expect(tree.calls.filter((call) => call === "read app/a.yaml")).toHaveLength(1);
  });

  it("remembers a failure until its files change, without rendering again", async () => {
    const broken = createMemoryTree({ "app/a.yaml": `${configMap("a")}broken` });
    await expect(renderer.render(requestFor(broken))).rejects.toMatchObject({ code: "RENDER_INVALID" });
    const again = createMemoryTree({ "app/a.yaml": `${configMap("a")}broken`, "b.txt": "" });
    await expect(renderer.render(requestFor(again))).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("app/a.yaml:7") as string,
    });
    expect(again.calls).toEqual(["stat app"]);
    const repaired = createMemoryTree({ "app/a.yaml": configMap("a") });
    expect((await renderer.render(requestFor(repaired))).objectCount).toBe(1);
  });
});

describe("300 applications of one repository", { timeout: 30_000 }, () => {
  it("are known to stand by one question each when a commit touches one", async () => {
    await using renderer = await startRenderer({ workers: 1 });
    const files: Record<string, string> = {};
    for (let app = 0; app < 300; app += 1) files[`apps/${app}/a.yaml`] = configMap(`a${app}`);
    const renderAll = async (tree: MemoryTree): Promise<RenderResult[]> => {
      const results: RenderResult[] = [];
      for (let app = 0; app < 300; app += 1) {
        results.push(await renderer.render(requestFor(tree, { path: `apps/${app}` })));
      }
      return results;
    };
    await renderAll(createMemoryTree(files));
    const tree = createMemoryTree({ ...files, "apps/77/a.yaml": configMap("changed") });
    const results = await renderAll(tree);
    expect(results.flatMap((result, app) => (result.cached ? [] : [app]))).toEqual([77]);
    expect(tree.calls.length).toBeLessThan(320);
  });
});

describe("the cache directory", { timeout: 30_000 }, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "mooring-render-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const secret = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n`;
  const renderIn = async (cacheDirectory: string, files: Record<string, string>): Promise<RenderResult> => {
    await using renderer = await startRenderer({ workers: 1, cacheDirectory, persistAboveMs: 0 });
    return await renderer.render(requestFor(createMemoryTree(files)));
  };
  const filesIn = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  };

  it("keeps renders over a restart", async () => {
    const cache = path.join(directory, "restart");
    const files = { "app/a.yaml": configMap("a") };
    const first = await renderIn(cache, files);
    expect(await renderIn(cache, { ...files, "b.txt": "" })).toEqual({ ...first, cached: true });
  });

  // Class: caches that are believed.
  it("renders again when a stored file is truncated or altered", async () => {
    const cache = path.join(directory, "corrupt");
    const files = { "app/a.yaml": configMap("a") };
    const first = await renderIn(cache, files);
    for (const file of await filesIn(cache)) await truncate(file, 100);
    expect(await renderIn(cache, files)).toEqual(first);
    expect((await renderIn(cache, files)).cached).toBe(true);
  });

  // Class: caches that are believed.
  it("never holds a Secret, not even with the objects beside it", async () => {
    const cache = path.join(directory, "secret");
    await using renderer = await startRenderer({ workers: 1, cacheDirectory: cache, persistAboveMs: 0 });
    const tree = createMemoryTree({ "app/a.yaml": configMap("a"), "app/s.yaml": secret });
    await renderer.render(requestFor(tree));
    expect((await renderer.render(requestFor(tree))).cached).toBe(true);
    const broken = createMemoryTree({ "app/a.yaml": `${secret}password hunter2\n` });
    await expect(renderer.render(requestFor(broken))).rejects.toMatchObject({ code: "RENDER_INVALID" });
    const contents = await Promise.all((await filesIn(cache)).map((file) => readFile(file, "utf8")));
    expect(contents.filter((content) => content.includes("hunter2") || content.includes("Secret"))).toEqual(
      [],
    );
  });

  it("holds no Secret inside of another object either", async () => {
    const cache = path.join(directory, "nested");
    const indented = secret.replaceAll("\n", "\n  ").trimEnd();
    const head = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: l}\nstatus: {}\n`;
    await renderIn(cache, { "app/a.yaml": `${head("List")}items:\n- ${indented}\n` });
    const untyped = "items: [{metadata: {name: s}, stringData: {password: hunter2}}]\n";
    await renderIn(cache, { "app/a.yaml": `${head("SecretList")}${untyped}` });
    expect(await filesIn(cache)).toEqual([]);
  });

  it("is a cache only: renders work where it cannot be written", async () => {
    const file = path.join(directory, "file");
    await writeFile(file, "");
    expect((await renderIn(file, { "app/a.yaml": configMap("a") })).objectCount).toBe(1);
  });
});

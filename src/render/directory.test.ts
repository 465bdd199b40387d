import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DirectorySource, Renderer, RenderResult } from "#ports/renderer.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { startRenderer } from "./renderer.ts";

const limits = { maxFileBytes: 2000, maxTotalBytes: 5000, maxObjects: 20, maxOutputBytes: 3000 };
const signal = new AbortController().signal;

let renderer: Renderer;
beforeAll(async () => {
  renderer = await startRenderer({ workers: 1, limits });
});
afterAll(() => renderer[Symbol.asyncDispose]());

type Files = Readonly<Record<string, MemoryNode>>;

async function render(
  files: Files,
  source: Partial<DirectorySource> = {},
  path = "app",
): Promise<RenderResult> {
  return renderer.render({
    tree: createMemoryTree(files),
    repositoryUrl: "https://git.example.com/shop.git",
    path,
    source: { tool: "directory", recurse: false, include: "", exclude: "", ...source },
    signal,
  });
}

async function originsOf(files: Files, source: Partial<DirectorySource> = {}, path = "app"): Promise<string> {
  return (await render(files, source, path)).origins.join(" ");
}

function objectsIn(result: RenderResult): unknown {
  return JSON.parse(new TextDecoder().decode(result.manifests));
}

async function messageOf(files: Files, source: Partial<DirectorySource> = {}): Promise<string> {
  return render(files, source).then(
    () => "rendered",
    (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
  );
}

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describe("which files a directory source renders", () => {
  const files: Files = {
    "app/b.yml": configMap("b"),
    "app/a.yaml": configMap("a"),
    "app/c.json": JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }),
    "app/UPPER.YAML": configMap("upper"),
    "app/notes.txt": "not: [yaml",
    "app/a/deep.yaml": configMap("deep"),
    "app/.hidden.yaml": configMap("hidden"),
    "elsewhere.yaml": configMap("elsewhere"),
  };

  it("takes .yaml, .yml and .json of the directory itself in byte order", async () => {
    expect(await originsOf(files)).toBe("app/.hidden.yaml#1 app/a.yaml#1 app/b.yml#1 app/c.json#1");
  });

  it("enters directories in their place when it recurses", async () => {
    expect(await originsOf(files, { recurse: true })).toBe(
      "app/.hidden.yaml#1 app/a/deep.yaml#1 app/a.yaml#1 app/b.yml#1 app/c.json#1",
    );
  });

  it("matches include and exclude against the path below the source path, exclude winning", async () => {
    const source = { recurse: true, include: "{a*,b.yml}", exclude: "a/*" };
    expect(await originsOf(files, source)).toBe("app/a.yaml#1 app/b.yml#1");
  });

  it("renders the root of the repository", async () => {
    expect(await originsOf(files, {}, "")).toBe("elsewhere.yaml#1");
  });

  it("gives no objects for a directory without manifests", async () => {
    expect(await render({ "app/notes.txt": "x" })).toMatchObject({ objectCount: 0, origins: [] });
  });

  it("passes over files marked to be skipped and over YAML that is no manifest", async () => {
    expect(
      await originsOf({
        "app/a.yaml": configMap("a"),
        "app/marked.yaml": `# +argocd:skip-file-rendering\n${configMap("marked")}`,
        "app/values.yaml": "replicas: 1\nimage:\n  kind: slim\n",
        "app/Chart.yaml": "apiVersion: v2\nname: shop\n",
        "app/mkdocs.yml": "plugins: !!python/name:x [\n",
        "app/list.yaml": "- 1\n- 2\n",
      }),
    ).toBe("app/a.yaml#1");
  });

  it("does not take a broken manifest for such a file: its objects would be pruned", async () => {
    const broken = configMap("a").replace("apiVersion: v1\n", "");
    expect(await messageOf({ "app/a.yaml": broken })).toBe(
      "RENDER_INVALID app/a.yaml:1 (document 1): apiVersion is missing; every Kubernetes object needs it (exclude the file if it is no manifest)",
    );
  });

  it("reads every file when the extension does not matter", async () => {
    const files: Files = {
      "app/a.yaml": configMap("a"),
      "app/b.txt": configMap("b"),
      "app/c": configMap("c"),
    };
    expect(await originsOf(files)).toBe("app/a.yaml#1");
    expect(await originsOf(files, { disableExtensionFilter: true })).toBe("app/a.yaml#1 app/b.txt#1 app/c#1");
  });

  it("refuses a broken glob", async () => {
    expect(await messageOf({ "app/a.yaml": configMap("a") }, { exclude: "{a" })).toBe(
      'RENDER_INVALID directory.exclude: "{" is not closed; correct the glob',
    );
  });

  it("refuses a path that is a file", async () => {
    await expect(render({ app: "x" })).rejects.toMatchObject({
      code: "RENDER_PATH_NOT_FOUND",
      message: expect.stringMatching(/^app: app path is not a directory in revision /) as string,
    });
  });
});

describe("symbolic links and submodules", () => {
  const shared = { "shared/base/a.yaml": configMap("a"), "shared/b.yaml": configMap("b") };

  it("follows links to files inside the repository, through other links too", async () => {
    const files: Files = {
      ...shared,
      "app/b.yaml": { symlink: "../shared/b.yaml" },
      "app/c.yaml": { symlink: "../to-shared/base/./a.yaml" },
      "to-shared": { symlink: "shared" },
    };
    expect(await originsOf(files)).toBe("app/b.yaml#1 app/c.yaml#1");
    expect(await originsOf(files, {}, "to-shared/base")).toBe("to-shared/base/a.yaml#1");
  });

  it("resolves .. after following a link, as a file system does", async () => {
    const files: Files = {
      ...shared,
      "app/b.yaml": { symlink: "../deep/../b.yaml" },
      deep: { symlink: "shared/base" },
    };
    expect(await originsOf(files)).toBe("app/b.yaml#1");
  });

  it("does not enter links to directories or submodules", async () => {
    const files: Files = {
      ...shared,
      "app/a.yaml": configMap("a"),
      "app/base.yaml": { symlink: "../shared/base" },
      "app/loop": { symlink: "../app" },
      "app/module.yaml": { submodule: "0".repeat(40) },
    };
    expect(await originsOf(files, { recurse: true })).toBe("app/a.yaml#1");
  });

  // Class: paths and links.
  it.each([
    [
      "../../etc/passwd",
      "symbolic link leads out of the repository; replace it by a copy of the file or exclude it",
    ],
    [
      "/etc/passwd",
      "symbolic link leads out of the repository; replace it by a copy of the file or exclude it",
    ],
    ["a.yaml", "symbolic links run in a circle; remove one of them"],
    ["none.yaml", "symbolic link points to nothing; repair it, remove it or exclude it"],
  ])("refuses a link to %s", async (symlink, problem) => {
    expect(await messageOf({ "app/a.yaml": { symlink } })).toBe(`RENDER_INVALID app/a.yaml: ${problem}`);
  });
});

describe("which objects a file gives", () => {
  it("expands lists, typed lists and arrays, and keeps duplicates in order", async () => {
    const item = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
    const result = await render({
      "app/a.json": JSON.stringify([item("a"), item("a")]),
      "app/b.yaml": `kind: List\napiVersion: v1\nitems:\n- ${JSON.stringify(item("b"))}\n`,
      "app/c.yaml": "kind: ConfigMapList\napiVersion: v1\nitems:\n- metadata: {name: c}\n",
      "app/d.yaml": "kind: ConfigMapList\napiVersion: v1\nitems: null\n",
      "app/e.yaml":
        "kind: AllowList\napiVersion: example.com/v1\nmetadata: {generateName: e-}\nspec: {}\nitems: [1]\n",
    });
    expect(objectsIn(result)).toEqual([
      item("a"),
      item("a"),
      item("b"),
      item("c"),
      {
        apiVersion: "example.com/v1",
        kind: "AllowList",
        metadata: { generateName: "e-" },
        spec: {},
        items: [1],
      },
    ]);
    expect(result.origins).toEqual([
      "app/a.json#1",
      "app/a.json#1",
      "app/b.yaml#1",
      "app/c.yaml#1",
      "app/e.yaml#1",
    ]);
  });

  it("reads UTF-16, byte order marks and Windows line ends", async () => {
    const text = `${configMap("ü")}data:\n  a: |\n    x\n    y\n`.replaceAll("\n", "\r\n");
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    const objects = objectsIn(
      await render({
        "app/a.yaml": `\uFEFF${text}`,
        "app/b.yaml": utf16,
        "app/c.yaml": Buffer.from(utf16).swap16(),
      }),
    );
    const expected = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "ü" }, data: { a: "x\ny\n" } };
    expect(objects).toEqual([expected, expected, expected]);
  });

  const metadata = (text: string) =>
    `---\n${configMap("a")}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n${text}`;
  it.each([
    ["  namespace: x\n", "metadata.name is missing; every object needs a name (or metadata.generateName)"],
    ["  name: 12\n", "metadata.name must be a string; put quotes around it"],
    ["  name: a\n  namespace: 1\n", "metadata.namespace must be a string; put quotes around it"],
    ["  name: a\n  labels: {on: yes}\n", "metadata.labels.true must be a string; put quotes around it"],
    [
      "  name: a\n  annotations:\n    a/b: 1\n",
      "metadata.annotations[a/b] must be a string; put quotes around it",
    ],
    ["  - name: a\n", "metadata must be a map"],
    ["", "metadata is missing; every Kubernetes object needs it (exclude the file if it is no manifest)"],
  ])("refuses metadata %j with file, document, line and field", async (text, problem) => {
    expect(await messageOf({ "app/a.yaml": metadata(text) })).toBe(
      `RENDER_INVALID app/a.yaml:7 (document 2): ${problem}`,
    );
  });

  it("names the item of a list that is wrong", async () => {
    expect(await messageOf({ "app/a.json": '{"kind":"List","items":[{"kind":"ConfigMap"}]}' })).toBe(
      "RENDER_INVALID app/a.json:1: items[0].apiVersion is missing; every Kubernetes object needs it (exclude the file if it is no manifest)",
    );
  });

  it.each([
    [
      Buffer.from([0x61, 0x0a, 0xff, 0x0a]),
      "app/a.yaml:2: not valid UTF-8 text; save the file as UTF-8, or put binary content into base64",
    ],
    [
      "apiVersion: v1\nkind: a\nmetadata: \0\n",
      "app/a.yaml:3: control character 0x00 is not allowed; remove it, or escape it in a double-quoted string",
    ],
  ])("refuses what is no text", async (content, problem) => {
    expect(await messageOf({ "app/a.yaml": content })).toBe(`RENDER_INVALID ${problem}`);
  });
});

describe("limits of a render", () => {
  const filler = (bytes: number) => `#${"x".repeat(bytes - 2)}\n`;

  it("refuses a file by its size without reading it", async () => {
    expect(await messageOf({ "app/a.yaml": filler(2001) })).toBe(
      "RENDER_TOO_LARGE app/a.yaml: file is larger than the limit of 2000 bytes; split it, or exclude it with directory.exclude",
    );
    expect(await messageOf({ "app/a.yaml": filler(2000) })).toBe("rendered");
  });

  it("refuses files that are too large together", async () => {
    const files = Object.fromEntries([1, 2, 3].map((i) => [`app/${i}.yaml`, filler(1900)]));
    expect(await messageOf(files)).toBe(
      "RENDER_TOO_LARGE 3 manifest files are together larger than the limit of 5000 bytes; split the application or exclude files",
    );
  });

  it("refuses too many objects", async () => {
    const many = Array.from({ length: 21 }, () => configMap("a")).join("---\n");
    expect(await messageOf({ "app/a.yaml": many })).toBe(
      "RENDER_TOO_LARGE app/a.yaml:101 (document 21): more than 20 objects in one render; split the application",
    );
  });

  it("refuses output that aliases blow up", async () => {
    const text = `${configMap("a")}data: &d\n  x: ${"x".repeat(600)}\nmore: [*d, *d, *d, *d, *d]\n`;
    expect(await messageOf({ "app/a.yaml": text })).toBe(
      "RENDER_TOO_LARGE rendered manifests take more than the limit of 3000 bytes; split the application",
    );
  });

  it("renders on after every refusal", async () => {
    expect(await originsOf({ "app/a.yaml": configMap("a") })).toBe("app/a.yaml#1");
  });
});

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataKeys } from "#ports/data-keys.ts";
import type { Renderer, RenderResult } from "#ports/renderer.ts";
import { createDataKeys } from "#secrets/index.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { startRenderer } from "./renderer.ts";

const testdata = "src/core/sops/testdata";
const encrypted = (name: string): string => readFileSync(path.join(testdata, "encrypted", name), "utf8");
const keysOf = (name: string): DataKeys => {
  const text = /^AGE-.*$/m.exec(readFileSync(path.join(testdata, "keys", name), "utf8"))?.[0] ?? "";
  return createDataKeys({ keys: [{ type: "age", origin: `Secret/argocd/keys field ${name}`, text }] });
};
const [one, two] = [keysOf("one.agekey"), keysOf("two.agekey")];
const signal = new AbortController().signal;
const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\n";

describe("a directory with files that SOPS encrypted", () => {
  let renderer: Renderer;
  let cacheDirectory: string;
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(path.join(tmpdir(), "mooring-"));
    renderer = await startRenderer({ workers: 1, cacheDirectory, persistAboveMs: 0 });
  });
  afterAll(async () => {
    await renderer[Symbol.asyncDispose]();
    await rm(cacheDirectory, { recursive: true });
  });

  const render = (files: Record<string, MemoryNode>, dataKeys?: DataKeys): Promise<RenderResult> =>
    renderer.render({
      tree: createMemoryTree(files),
      repositoryUrl: "https://git.example.com/shop.git",
      path: "",
      source: { tool: "directory", recurse: true, include: "", exclude: "" },
      ...(dataKeys === undefined ? {} : { dataKeys }),
      signal,
    });
  const objectsOf = (result: RenderResult): unknown => JSON.parse(new TextDecoder().decode(result.manifests));
  const messageOf = async (rendering: Promise<RenderResult>): Promise<string> =>
    rendering.then(
      () => "rendered",
      (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
    );

  it("renders the objects that were encrypted", async () => {
    const result = await render({ "a.yaml": encrypted("documents.yaml"), "b.yaml": configMap }, one);
    expect(result.origins).toEqual(["a.yaml#1", "a.yaml#2", "a.yaml#3", "b.yaml#1"]);
    expect(objectsOf(result)).toEqual([
      { apiVersion: "v1", kind: "Secret", metadata: { name: "first" }, data: { a: "YQ==" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "between" }, data: { open: "no" } },
      { apiVersion: "v1", kind: "Secret", metadata: { name: "second" }, stringData: { b: "bee" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain" } },
    ]);
  });

  it("says which key is missing, and renders again when it was added", async () => {
    const files = { "secret.yaml": encrypted("age.yaml") };
    const recipient = /recipient: (.*)/.exec(files["secret.yaml"])?.[1] ?? "";
    expect(await messageOf(render(files))).toBe(
      `SECRET_KEY_MISSING secret.yaml: it is encrypted for age recipient ${recipient}, and no private keys are configured; add it to a Secret labelled mooring.dev/secret-type=sops-keys`,
    );
    expect(await messageOf(render(files, two))).toBe(
      `SECRET_KEY_MISSING secret.yaml: it is encrypted for age recipient ${recipient}; none of these keys is known; add one to a Secret labelled mooring.dev/secret-type=sops-keys`,
    );
    expect((await render(files, one)).cached).toBe(false);
    expect((await render(files, one)).cached).toBe(true);
    expect(await messageOf(render(files, two))).toMatch(/^SECRET_KEY_MISSING /);
  });

  it("needs no key for what is no manifest, is marked to be skipped, or is left out", async () => {
    const files = {
      "values.yaml": encrypted("encrypted-suffix.yaml"),
      "skipped.yaml": `# +argocd:skip-file-rendering\n${encrypted("age.yaml")}`,
      "secret.env": encrypted("settings.env"),
      "a.yaml": configMap,
    };
    expect((await render(files)).origins).toEqual(["a.yaml#1"]);
  });

  it("does not render anew for other keys what needs none", async () => {
    await render({ "a.yaml": configMap }, one);
    expect((await render({ "a.yaml": configMap }, two)).cached).toBe(true);
  });

  it("names the fields that hold what was encrypted, wherever they are", async () => {
    const result = await render({ "a.yaml": encrypted("unencrypted-comment-regex.yaml") }, one);
    expect(objectsOf(result)).toMatchObject([{ data: { open: "value", token: "hidden" } }]);
    expect(result.secretPaths?.map((paths) => paths.map((one) => one.join(".")))).toEqual([
      ["kind", "metadata.name", "data.token", "data.list.0", "data.other"],
    ]);
    expect((await render({ "a.yaml": configMap }, one)).secretPaths).toBeUndefined();
  });

  it("puts nothing that was encrypted on the disk", async () => {
    await render({ "a.yaml": encrypted("unencrypted-comment-regex.yaml"), "b.yaml": configMap }, one);
    await render({ "b.yaml": configMap }, one);
    const files = await readdir(cacheDirectory, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(path.join(file.parentPath, file.name), "utf8")),
    );
    expect(contents.some((content) => content.includes("plain"))).toBe(true);
    expect(contents.filter((content) => content.includes("hidden"))).toEqual([]);
  });
});

describe("variables in rendered objects", () => {
  let renderer: Renderer;
  beforeAll(async () => {
    renderer = await startRenderer({ workers: 1 });
  });
  afterAll(() => renderer[Symbol.asyncDispose]());

  const render = (variables: Record<string, string>, secrets: readonly string[] = [], strict = false) =>
    renderer.render({
      tree: createMemoryTree({ "a.yaml": `${configMap}data:\n  region: \${REGION}\n  token: x-\${TOKEN}\n` }),
      repositoryUrl: "https://git.example.com/shop.git",
      path: "",
      source: { tool: "directory", recurse: true, include: "", exclude: "" },
      substitution: { variables: new Map(Object.entries(variables)), strict, secrets },
      signal,
    });
  const dataOf = ({ manifests }: RenderResult): unknown =>
    (JSON.parse(new TextDecoder().decode(manifests)) as [{ data: unknown }])[0].data;

  it("are replaced, and rendered again when a value changes", async () => {
    expect(dataOf(await render({ REGION: "eu", TOKEN: "1" }))).toEqual({ region: "eu", token: "x-1" });
    expect((await render({ TOKEN: "1", REGION: "eu" })).cached).toBe(true);
    expect(dataOf(await render({ REGION: "us", TOKEN: "1" }))).toEqual({ region: "us", token: "x-1" });
  });

  it("mark the fields that hold a value of a Secret", async () => {
    const result = await render({ REGION: "eu", TOKEN: "swordfish" }, ["swordfish"]);
    expect(result.secretPaths).toEqual([[["data", "token"]]]);
  });

  it("are an error without a value where the application is strict", async () => {
    await expect(render({ REGION: "eu" }, [], true)).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message:
        "ConfigMap/plain (a.yaml#1): line 7 of the YAML: variable TOKEN has no value; give it one, or a default as in ${TOKEN:-default}",
    });
  });
});

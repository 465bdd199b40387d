import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DirectorySource, Renderer } from "#ports/renderer.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import { configMap, requestFor, valuesIn } from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

const directory: DirectorySource = { tool: "directory", recurse: true, include: "", exclude: "" };
const object = (name: string, value: string): string =>
  `{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "${name}"}, data: {value: ${value}}}`;

let renderer: Renderer;
beforeAll(async () => {
  renderer = await startRenderer({ workers: 1 });
});
afterAll(() => renderer[Symbol.asyncDispose]());

const render = (files: Files, jsonnet: Partial<DirectorySource["jsonnet"]> = {}) =>
  renderer.render(
    requestFor(files, {
      source: { ...directory, jsonnet: { extVars: [], tlas: [], libs: [], ...jsonnet } },
    }),
  );

describe("Jsonnet in a directory", () => {
  it("is evaluated in the order of the files; a file gives an object, a list, or a List", async () => {
    const result = await render({
      "app/a.yaml": configMap("a", "yaml"),
      "app/b.jsonnet": object("b", '"object"'),
      "app/c.jsonnet": `[${object("c", '"list"')}, ${object("d", '"list"')}]`,
      "app/sub/e.jsonnet": `{apiVersion: "v1", kind: "List", items: [${object("e", '"List"')}]}`,
    });
    expect(valuesIn(result)).toEqual({ a: "yaml", b: "object", c: "list", d: "list", e: "List" });
    expect(result.origins).toEqual([
      "app/a.yaml#1",
      "app/b.jsonnet#1",
      "app/c.jsonnet#1",
      "app/c.jsonnet#1",
      "app/sub/e.jsonnet#1",
    ]);
  });

  it("is given external variables, top-level arguments and libraries", async () => {
    const files = {
      "app/a.jsonnet": `function(tla, code) ${object("a", '[std.extVar("ext"), tla, std.toString(code), (import "lib.libsonnet").value, importstr "beside.txt"]')}`,
      "app/beside.txt": "beside",
      "vendor/lib.libsonnet": `{value: "lib"}`,
    };
    const result = await render(files, {
      extVars: [{ name: "ext", value: "text", code: false }],
      tlas: [
        { name: "tla", value: "text", code: false },
        { name: "code", value: "1 + 1", code: true },
      ],
      libs: ["vendor"],
    });
    expect(valuesIn(result)).toEqual({ a: ["text", "text", "2", "lib", "beside"] });
  });

  it("imports nothing from outside of the repository", async () => {
    for (const path of ["/etc/passwd", "../../etc/passwd"]) {
      await expect(render({ "app/a.jsonnet": `importstr "${path}"` })).rejects.toMatchObject({
        code: "RENDER_INVALID",
      });
    }
  });

  it("is rendered again when an import changed or one begins to exist that wins over another", async () => {
    const files: Files = {
      "app/a.jsonnet": object("a", '(import "lib.libsonnet").value'),
      "vendor/lib.libsonnet": `{value: "one"}`,
    };
    const renderWith = (changed: Files) => render({ ...files, ...changed }, { libs: ["vendor"] });
    await renderWith({});
    expect((await renderWith({ "vendor/other.libsonnet": "{}" })).cached).toBe(true);
    expect(valuesIn(await renderWith({ "vendor/lib.libsonnet": `{value: "two"}` }))).toEqual({ a: "two" });
    expect(valuesIn(await renderWith({ "app/lib.libsonnet": `{value: "three"}` }))).toEqual({ a: "three" });
  });

  it("fails by name when it is broken or never ends", async () => {
    await expect(render({ "app/a.jsonnet": "{a: }" })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("app/a.jsonnet:1") as string,
    });
    await expect(render({ "app/a.jsonnet": "local f(x) = f(x) + 1; f(1)" })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("max stack frames exceeded") as string,
    });
    await expect(
      render({ "app/a.jsonnet": "std.foldl(function(a, b) a + b, std.range(0, 1000000000), 0)" }),
    ).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: "INTERNAL ERROR: (CRASH) runtime error: makeslice: len out of range",
    });
    await expect(
      render({ "app/a.jsonnet": `${"[".repeat(50_000)}${"]".repeat(50_000)}` }),
    ).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringMatching(/^app: the source calls itself, or nests, without end; /u) as string,
    });
  });
});

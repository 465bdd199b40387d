import { describe, expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { createMemoryFetcher } from "#test/fixtures/memory-fetcher.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import { createFileAnswers } from "./answer-files.ts";
import { decodeMessage, encodeMessage } from "./engine-message.ts";
import { resolveRendererOptions } from "./options.ts";
import { openSourceView } from "./source-view.ts";
import { traceStands } from "./trace.ts";

const signal = new AbortController().signal;
const url = "https://git.example.com/bases.git";
const remote = { "shop/a.yaml": "a: remote\n", "shop/up.yaml": { symlink: "../../../../app/a.yaml" } };
const files: Files = {
  "app/a.yaml": "a: 1\n",
  "app/b.yaml": { symlink: "../shared/b.yaml" },
  "app/linked": { symlink: "../shared" },
  "app/z/deep.txt": "deep\n",
  "app/sub": { submodule: "0123456789012345678901234567890123456789" },
  "shared/b.yaml": "b: 1\n",
  "out/passwd": { symlink: "/etc/passwd" },
  "out/up": { symlink: "../../up" },
  "out/none": { symlink: "none.yaml" },
  "circle/a": { symlink: "b" },
  "circle/b": { symlink: "a" },
};

function openAnswers(
  limits: Partial<Record<"maxFileBytes" | "maxSourceBytes", number>> = {},
  tree: Files = files,
) {
  const values = createMemoryTree({ "prod.yaml": "p: 1\n", "up.yaml": { symlink: "../app/a.yaml" } });
  const answers = createFileAnswers({
    view: openSourceView(createMemoryTree(tree), [{ name: "values", tree: values }]),
    root: undefined,
    fetcher: createMemoryFetcher({
      [url]: remote,
      "https://files.example.com/v.yaml?x=1": { "v.yaml": "v: 1\n" },
    }),
    limits: resolveRendererOptions({ limits }).limits,
  });
  const ask = async (question: object): Promise<{ header: JsonValue; body: string }> => {
    const answer = await answers.answer({ kind: "engine", message: encodeMessage(question) }, signal);
    if (answer.kind !== "engine") throw new Error("not an answer for the engine");
    const { header, body } = decodeMessage(answer.message, 1_000_000);
    return { header, body: new TextDecoder().decode(body) };
  };
  return { ask, answers };
}

const headerOf = async (question: object) => (await openAnswers().ask(question)).header;

describe("the engine's questions", () => {
  it("about a path are answered with what is there, links followed", async () => {
    const stat = (path: string) => headerOf({ ask: "stat", path });
    expect(await stat("app/a.yaml")).toEqual({ type: "file", path: "app/a.yaml" });
    expect(await stat("app/b.yaml")).toEqual({ type: "file", path: "shared/b.yaml" });
    expect(await stat("app/linked/b.yaml")).toEqual({ type: "file", path: "shared/b.yaml" });
    expect(await stat("app/linked")).toEqual({ type: "directory", path: "shared" });
    expect(await stat("app/../shared/./b.yaml")).toEqual({ type: "file", path: "shared/b.yaml" });
    expect(await stat("")).toEqual({ type: "directory", path: "" });
    for (const path of ["none", "app/a.yaml/x", "app/sub", "out/none", ".git/mounts/none/x"]) {
      expect(await stat(path)).toEqual({ type: "missing", path });
    }
  });

  it("about a directory are answered with types, links followed and what leads nowhere left out", async () => {
    expect(await headerOf({ ask: "list", path: "app" })).toEqual({
      entries: [
        { name: "a.yaml", type: "file" },
        { name: "b.yaml", type: "file" },
        { name: "linked", type: "directory" },
        { name: "z", type: "directory" },
      ],
    });
    expect(await headerOf({ ask: "list", path: "app/a.yaml" })).toEqual({ missing: true });
    expect(await headerOf({ ask: "list", path: "none" })).toEqual({ missing: true });
  });

  it("for content are answered with the content", async () => {
    const { ask } = openAnswers();
    expect(await ask({ ask: "read", path: "app/b.yaml" })).toEqual({ header: { size: 5 }, body: "b: 1\n" });
    expect(await ask({ ask: "read", path: "app" })).toEqual({ header: { missing: true }, body: "" });
    expect(await ask({ ask: "walk", path: "app" })).toEqual({
      header: {
        files: [
          { path: "a.yaml", size: 5 },
          { path: "b.yaml", size: 5 },
          { path: "linked/b.yaml", size: 5 },
          { path: "z/deep.txt", size: 5 },
        ],
      },
      body: "a: 1\nb: 1\nb: 1\ndeep\n",
    });
    expect(await ask({ ask: "walk", path: "app/a.yaml" })).toEqual({ header: { missing: true }, body: "" });
  });

  it("about several paths at once are answered one by one, with the contents of files", async () => {
    const { ask, answers } = openAnswers({ maxSourceBytes: 14 });
    const paths = ["app/b.yaml", "app", "app/none", "out/up", "app/a.yaml", "app/z/deep.txt"];
    expect(await ask({ ask: "open", paths })).toEqual({
      header: {
        found: [
          { type: "file", path: "shared/b.yaml", size: 5 },
          { type: "directory", path: "app" },
          { type: "missing", path: "app/none" },
          { error: { code: "RENDER_INVALID", message: expect.stringContaining("out/up") as string } },
          { type: "file", path: "app/a.yaml", size: 5 },
          {
            error: { code: "RENDER_TOO_LARGE", message: expect.stringContaining("app/z/deep.txt") as string },
          },
        ],
      },
      body: "b: 1\na: 1\n",
    });
    const recorded = answers.trace().entries.map((entry) => entry.kind !== "remote" && entry.path);
    expect(recorded).toEqual(expect.arrayContaining(["shared/b.yaml", "app", "app/none", "app/a.yaml"]));
  });

  // Class: paths and links.
  it("for what lies outside of the repository are refused", async () => {
    for (const path of ["out/passwd", "out/up", "../x", "app/../../x", "circle/a"]) {
      for (const ask of ["stat", "list", "read", "walk"]) {
        expect(await headerOf({ ask, path })).toEqual({
          error: {
            code: "RENDER_INVALID",
            message: expect.stringMatching(/leads out of the repository|run in a circle/) as string,
          },
        });
      }
    }
    expect(await headerOf({ ask: "walk", path: "out" })).toMatchObject({ error: { code: "RENDER_INVALID" } });
  });

  it("for more than the limits are refused", async () => {
    const tooLarge = (message: string) => ({ error: { code: "RENDER_TOO_LARGE", message } });
    const small = openAnswers({ maxFileBytes: 4 });
    expect((await small.ask({ ask: "read", path: "app/a.yaml" })).header).toEqual(
      tooLarge(
        "app/a.yaml: file is larger than the limit of 4 bytes; make it smaller, or move it out of the chart",
      ),
    );
    const few = openAnswers({ maxSourceBytes: 9 });
    await few.ask({ ask: "read", path: "app/a.yaml" });
    expect((await few.ask({ ask: "read", path: "app/b.yaml" })).header).toEqual(
      tooLarge(
        "shared/b.yaml: the files read are together larger than the limit of 9 bytes; split the application",
      ),
    );
  });

  it("for paths and addresses without end are refused, and name what nobody wrote by hand", async () => {
    const long = "a".repeat(100_000);
    const path = `${"a".repeat(80)}…: path is too long`;
    for (const question of [
      { ask: "read", path: long },
      { ask: "stat", path: long },
    ]) {
      expect(await headerOf(question)).toEqual({ error: { code: "RENDER_INVALID", message: path } });
    }
    for (const source of [
      { kind: "file", url: `https://ann:secret@e.org/${long}` },
      { kind: "git", url: `https://ann:secret@e.org/${long}.git`, revision: "" },
    ]) {
      const message = `remote source "https://e.org/${"a".repeat(66)}…": its url is longer than 8192 characters; correct it`;
      expect(await headerOf({ ask: "mount", source })).toEqual({
        error: { code: "RENDER_INVALID", message },
      });
    }
    expect(await headerOf({ ask: "stat", path: "a".repeat(2_000_000) })).toMatchObject({
      error: {
        code: "RENDER_TOO_LARGE",
        message: expect.stringContaining("more than 1048576 bytes") as string,
      },
    });
    const paths = Array.from({ length: 32 }, (_, index) => `${"\u0001/".repeat(1500)}${index}`);
    const { found } = (await headerOf({ ask: "open", paths })) as { found: unknown[] };
    expect(found).toHaveLength(32);
  });

  it("that follow links of links end, and let other work go on meanwhile", async () => {
    const steps = "d/../".repeat(800);
    const links: Record<string, MemoryNode> = { "d/x": "x" };
    for (let i = 0; i < 40; i += 1) links[`l${i}`] = { symlink: `${steps}${i === 39 ? "d" : `l${i + 1}`}` };
    for (let i = 0; i < 50; i += 1) links[`many/${i}`] = { symlink: "../l1/x" };
    const { ask } = openAnswers({}, links);
    let pauses = 0;
    const beating = setInterval(() => (pauses += 1), 1);
    const { header } = await ask({ ask: "list", path: "many" });
    clearInterval(beating);
    expect(header).toEqual({
      error: {
        code: "RENDER_TOO_LARGE",
        message: "many/16: symbolic links take more than 500000 steps; replace them by copies of the files",
      },
    });
    expect(pauses).toBeGreaterThan(20);
  });

  it("that are none end the render as a bug", async () => {
    await expect(openAnswers().ask({ ask: "exec" })).rejects.toThrow("not in its protocol");
    const { answers } = openAnswers();
    const message = new Uint8Array([255, 255, 255, 255, 1]);
    await expect(answers.answer({ kind: "engine", message }, signal)).rejects.toThrow("no message");
  });
});

describe("mounts", () => {
  const source = { kind: "git", url, revision: "v1" } as const;

  // Class: paths and links.
  it("of remote sources are trees of their own, which no path and no link leaves", async () => {
    const { ask, answers } = openAnswers();
    const { header } = await ask({ ask: "mount", source });
    const { path } = header as { path: string };
    expect(path).toMatch(/^\.git\/mounts\/r\.[0-9a-f]{32}$/);
    expect((await ask({ ask: "mount", source })).header).toEqual({ path });
    expect((await ask({ ask: "read", path: `${path}/shop/a.yaml` })).body).toBe("a: remote\n");
    for (const outside of ["shop/up.yaml", "../../../app/a.yaml"]) {
      expect((await ask({ ask: "read", path: `${path}/${outside}` })).header).toEqual({
        error: {
          code: "RENDER_INVALID",
          message: expect.stringContaining("leads out of the repository") as string,
        },
      });
    }
    expect(answers.describe(`${path}/shop/a.yaml: wrong`)).toBe(`${url}@v1/shop/a.yaml: wrong`);
    expect(answers.trace().entries).toEqual([
      {
        kind: "remote",
        source,
        id: createMemoryTree(remote).revision,
        mount: path.slice(".git/mounts/".length),
      },
    ]);
  });

  it("tell when something is being fetched, so that it does not count as render time", async () => {
    const { ask, answers } = openAnswers();
    const seen: boolean[] = [];
    answers.whileFetching((isFetching) => seen.push(isFetching));
    await ask({ ask: "mount", source });
    await ask({ ask: "mount", source });
    expect(seen).toEqual([true, false]);
    await ask({ ask: "mount", source: { kind: "file", url: "https://files.example.com/none.yaml" } });
    expect(seen).toEqual([true, false, true, false]);
  });

  it("of one file are the file", async () => {
    const { ask, answers } = openAnswers();
    const file = { kind: "file", url: "https://files.example.com/v.yaml?x=1" };
    const { path } = (await ask({ ask: "mount", source: file })).header as { path: string };
    expect((await ask({ ask: "read", path })).body).toBe("v: 1\n");
    expect(answers.describe(path)).toBe("https://files.example.com/v.yaml/v.yaml");
  });

  it("of a file that its server does not have are missing, which stands until it has", async () => {
    const { ask, answers } = openAnswers();
    const file = { kind: "file", url: "https://files.example.com/none.yaml" } as const;
    expect((await ask({ ask: "mount", source: file })).header).toEqual({ missing: true });
    const trace = answers.trace();
    expect(trace.entries).toEqual([{ kind: "remote", source: file }]);
    const standsWith = (sources: Record<string, Files>) =>
      traceStands(trace, {
        view: openSourceView(createMemoryTree(files)),
        path: "app",
        fetcher: createMemoryFetcher(sources),
        signal,
      });
    expect(await standsWith({})).toBe(true);
    expect(await standsWith({ [file.url]: { "none.yaml": "a: 1\n" } })).toBe(false);
  });

  it("of the request are read by name and recorded file by file", async () => {
    const { ask, answers } = openAnswers();
    expect((await ask({ ask: "read", path: ".git/mounts/values/prod.yaml" })).body).toBe("p: 1\n");
    expect((await ask({ ask: "read", path: ".git/mounts/values/up.yaml" })).header).toMatchObject({
      error: { message: expect.stringContaining("leads out of the repository") as string },
    });
    expect(
      answers.trace().entries.map((entry) => entry.kind !== "remote" && [entry.kind, entry.path]),
    ).toEqual([
      ["file", ".git/mounts/values/prod.yaml"],
      ["file", ".git/mounts/values/up.yaml"],
    ]);
    expect(answers.describe(".git/mounts/values/prod.yaml")).toBe("$values/prod.yaml");
  });

  it("that cannot be fetched end the render with the fetcher's own error", async () => {
    const { ask } = openAnswers();
    await expect(
      ask({ ask: "mount", source: { kind: "git", url: "https://none", revision: "" } }),
    ).rejects.toThrow(new MooringError("GIT_NOT_FOUND", "https://none: repository not found"));
  });

  it("cannot be given a name that is a path", () => {
    const tree = createMemoryTree({});
    for (const name of ["", "a/b", "..", "r.0123"]) {
      expect(() => openSourceView(tree, [{ name, tree }])).toThrow("use letters, digits, _ and -");
    }
  });
});

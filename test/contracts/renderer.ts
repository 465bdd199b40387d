import { describe, expect, it } from "vitest";
import type { Renderer, RenderRequest, RenderResult } from "#ports/renderer.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";

/** What a tool under contract is given: sources that render to these ConfigMaps, in this order. */
export interface RendererSubject {
  readonly start: () => Promise<Renderer>;
  readonly source: RenderRequest["source"];
  readonly sourceType: string;
  /** Files of a directory that render to ConfigMaps of these names. */
  readonly filesFor: (names: readonly string[]) => Files;
  /** Files of a directory that cannot be rendered. */
  readonly brokenFiles: Files;
}

/** What every Renderer does, whatever the tool. */
export function describeRenderer(name: string, subject: RendererSubject): void {
  const request = (files: Files, signal = new AbortController().signal, beside = ""): RenderRequest => ({
    tree: createMemoryTree({
      ...Object.fromEntries(Object.entries(files).map(([path, file]) => [`app/${path}`, file])),
      "beside.txt": beside,
    }),
    repositoryUrl: "https://git.example.com/shop.git",
    path: "app",
    source: subject.source,
    signal,
  });
  describe(`${name} renderer`, () => {
    describeResults(subject, request);
    describeFailures(subject, request);
  });
}

type Files = Readonly<Record<string, MemoryNode>>;
type MakeRequest = (files: Files, signal?: AbortSignal, beside?: string) => RenderRequest;

function namesIn(result: RenderResult): string[] {
  const objects = JSON.parse(new TextDecoder().decode(result.manifests)) as { metadata: { name: string } }[];
  return objects.map((object) => object.metadata.name);
}

function describeResults(subject: RendererSubject, request: MakeRequest): void {
  it("gives the objects with one origin each", async () => {
    await using renderer = await subject.start();
    const result = await renderer.render(request(subject.filesFor(["a", "b"])));
    expect(namesIn(result)).toEqual(["a", "b"]);
    expect(result).toMatchObject({ objectCount: 2, sourceType: subject.sourceType, cached: false });
    expect(result.origins).toHaveLength(2);
  });

  it("gives the same bytes for the same files", async () => {
    await using first = await subject.start();
    await using second = await subject.start();
    const files = subject.filesFor(["a", "b", "c"]);
    const [a, b] = [await first.render(request(files)), await second.render(request(files))];
    expect(a).toEqual(b);
  });

  it("renders once while what it read stays the same, and again when it changes", async () => {
    await using renderer = await subject.start();
    const render = async (names: readonly string[], beside: string) =>
      renderer.render(request(subject.filesFor(names), undefined, beside));
    expect((await render(["a"], "1")).cached).toBe(false);
    expect((await render(["a"], "2")).cached).toBe(true);
    const changed = await render(["a", "b"], "2");
    expect([changed.cached, namesIn(changed)]).toEqual([false, ["a", "b"]]);
  });
}

function describeFailures(subject: RendererSubject, request: MakeRequest): void {
  it("refuses a path that does not exist, naming it and the revision", async () => {
    await using renderer = await subject.start();
    const asked = { ...request(subject.filesFor(["a"])), path: "elsewhere" };
    await expect(renderer.render(asked)).rejects.toMatchObject({
      code: "RENDER_PATH_NOT_FOUND",
      message: expect.stringMatching(new RegExp(`^elsewhere: .*${asked.tree.revision}`)) as string,
    });
  });

  it("fails for broken files and still renders others", async () => {
    await using renderer = await subject.start();
    const broken = renderer.render(request(subject.brokenFiles));
    await expect(broken).rejects.toMatchObject({ code: "RENDER_INVALID" });
    expect(namesIn(await renderer.render(request(subject.filesFor(["a"]))))).toEqual(["a"]);
  });

  it("does not start when its signal has aborted", async () => {
    await using renderer = await subject.start();
    const asked = request(subject.filesFor(["a"]), AbortSignal.abort());
    await expect(renderer.render(asked)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("stops at once when its signal aborts, even when a file never comes, and renders on", async () => {
    await using renderer = await subject.start();
    const stop = new AbortController();
    const asked = request(subject.filesFor(["a"]), stop.signal);
    const { promise: asking, resolve: onRead } = Promise.withResolvers<void>();
    const tree = {
      ...asked.tree,
      read: () => {
        onRead();
        return new Promise<never>(() => undefined);
      },
    };
    const rendering = renderer.render({ ...asked, tree });
    await Promise.race([asking, rendering]);
    stop.abort();
    await expect(rendering).rejects.toMatchObject({ name: "AbortError" });
    expect(namesIn(await renderer.render(request(subject.filesFor(["b"]))))).toEqual(["b"]);
  });

  it("passes on the tree's own error", async () => {
    await using renderer = await subject.start();
    const asked = request(subject.filesFor(["a"]));
    const failure = new Error("the mirror is gone");
    const tree = { ...asked.tree, read: () => Promise.reject(failure) };
    await expect(renderer.render({ ...asked, tree })).rejects.toBe(failure);
  });
}

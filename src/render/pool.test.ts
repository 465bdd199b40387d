import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { RenderRequest } from "#ports/renderer.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { kustomize } from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

const source = { tool: "directory", recurse: false, include: "", exclude: "" } as const;
const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

function requestFor(
  files: Readonly<Record<string, MemoryNode>>,
  rest: Partial<RenderRequest> = {},
): RenderRequest {
  return {
    tree: createMemoryTree(files),
    repositoryUrl: "https://git.example.com/shop.git",
    path: "",
    source,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** A glob whose match takes longer than anybody waits, on a name that nearly matches. */
const endless: Partial<RenderRequest> = { source: { ...source, exclude: `${"*a".repeat(20)}b` } };
const endlessFiles = { [`${"a".repeat(200)}.yaml`]: configMap("a") };
const quick = requestFor({ "a.yaml": configMap("a") });

describe("render threads", { timeout: 30_000 }, () => {
  it("end a render that never answers when its signal aborts, at once, and render on", async () => {
    await using renderer = await startRenderer({ workers: 1 });
    await renderer.render(quick);
    const stop = new AbortController();
    const stuck = renderer.render(requestFor(endlessFiles, { ...endless, signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    const startedAt = performance.now();
    await expect(stuck).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await renderer.render(requestFor({ "b.yaml": configMap("b") }))).toMatchObject({ objectCount: 1 });
  });

  it("end a render that takes longer than its limit, and render on", async () => {
    await using renderer = await startRenderer({ workers: 1, limits: { timeoutMs: 1000 } });
    await expect(renderer.render(requestFor(endlessFiles, endless))).rejects.toMatchObject({
      code: "RENDER_TIMEOUT",
      message: ".: rendering took longer than 1000 ms; split the application or raise the limit",
    });
    expect(await renderer.render(quick)).toMatchObject({ objectCount: 1 });
  });

  it("end a render that needs too much memory, and render on", async () => {
    await using renderer = await startRenderer({ workers: 1, limits: { maxMemoryMb: 24 } });
    const large = `[${"[],".repeat(3_000_000)}[]]`;
    await expect(renderer.render(requestFor({ "a.json": large }))).rejects.toMatchObject({
      code: "RENDER_TOO_LARGE",
      message: ".: rendering needs more than 24 MiB of memory; split the application or raise the limit",
    });
    expect(await renderer.render(quick)).toMatchObject({ objectCount: 1 });
  });

  it("take repositories in turns, however many renders one of them asks for", async () => {
    await using renderer = await startRenderer({ workers: 1 });
    const order: string[] = [];
    const render = async (repositoryUrl: string, name: string): Promise<void> => {
      await renderer.render(
        requestFor({ "a.yaml": configMap(`${repositoryUrl}-${name}`) }, { repositoryUrl }),
      );
      order.push(repositoryUrl);
    };
    await Promise.all([
      ...["1", "2", "3", "4"].map((name) => render("busy", name)),
      ...["1", "2"].map((name) => render("calm", name)),
    ]);
    expect(order).toEqual(["busy", "busy", "calm", "busy", "calm", "busy"]);
  });

  it("reject what waits and what runs when the renderer is closed", async () => {
    const renderer = await startRenderer({ workers: 1 });
    const running = renderer.render(requestFor(endlessFiles, endless));
    const waiting = renderer.render(quick);
    const ended = Promise.allSettled([running, waiting]);
    await sleep(20);
    await renderer[Symbol.asyncDispose]();
    expect((await ended).map((result) => (result as PromiseRejectedResult).reason as unknown)).toEqual([
      expect.objectContaining({ name: "AbortError" }),
      expect.objectContaining({ name: "AbortError" }),
    ]);
    await expect(renderer.render(requestFor({ "b.yaml": configMap("b") }))).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("end every render when the renderer's own signal aborts", async () => {
    const stop = new AbortController();
    await using renderer = await startRenderer({ workers: 1, signal: stop.signal });
    const running = renderer.render(requestFor(endlessFiles, endless));
    setTimeout(() => stop.abort(), 20);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });

  it("forget a waiting render whose signal aborts", async () => {
    await using renderer = await startRenderer({ workers: 1 });
    const stop = new AbortController();
    const tree = createMemoryTree({ "c.yaml": configMap("c") });
    const first = renderer.render(quick);
    const waiting = renderer.render({ ...quick, tree, signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await first;
    expect(tree.calls).not.toContain("read c.yaml");
  });

  it("work side by side", async () => {
    await using renderer = await startRenderer({ workers: 2 });
    const stop = new AbortController();
    const stuck = renderer.render(requestFor(endlessFiles, { ...endless, signal: stop.signal }));
    expect(await renderer.render(quick)).toMatchObject({ objectCount: 1 });
    stop.abort();
    await expect(stuck).rejects.toMatchObject({ name: "AbortError" });
  });

  it("render on while others wait for a server that never answers", async () => {
    await using renderer = await startRenderer({ workers: 1 });
    const stop = new AbortController();
    const fetched: string[] = [];
    const silent: SourceFetcher = {
      resolve: () => Promise.reject(new Error("nothing was fetched that could be asked for again")),
      fetch: (asked, signal) => {
        fetched.push(asked.kind === "chart" ? asked.repository : asked.url);
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
    };
    const stuck = ["a", "b", "c"].map((name) =>
      renderer.render(
        requestFor(
          { "kustomization.yaml": `resources: [https://${name}.example.com/base.yaml]` },
          { source: kustomize, fetcher: silent, signal: stop.signal },
        ),
      ),
    );
    await vi.waitFor(() => expect(fetched).toHaveLength(3), 20_000);
    expect(await renderer.render(quick)).toMatchObject({ objectCount: 1 });
    stop.abort();
    for (const render of stuck) await expect(render).rejects.toMatchObject({ name: "AbortError" });
    expect(await renderer.render(requestFor({ "b.yaml": configMap("b") }))).toMatchObject({ objectCount: 1 });
  });

  it("refuse to be loaded on the main thread, where user input must not run", async () => {
    await expect(import("./thread/render-thread.ts")).rejects.toThrow("must be loaded in a worker thread");
  });

  it("refuse options out of range", async () => {
    await expect(startRenderer({ limits: { timeoutMs: 0 } })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: "renderer option timeoutMs must be a positive whole number",
    });
  });
});

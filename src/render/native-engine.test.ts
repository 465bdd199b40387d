import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Renderer, RenderRequest } from "#ports/renderer.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import { chartFile, configMap, requestFor, valuesIn } from "#test/fixtures/render-requests.ts";
import { encodeMessage } from "./engine-message.ts";
import type { RendererOptions } from "./options.ts";
import { startRenderer } from "./renderer.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mooring-native-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const files = { "app/Chart.yaml": chartFile(), "app/templates/a.yaml": configMap("a", "wasm") };

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, content);
  await chmod(file, 0o700);
  return file;
}

/** Writes what an engine says and gives the file's name. */
function say(name: string, header: object, body = ""): Promise<string> {
  const message = encodeMessage(header, Buffer.from(body));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  return write(name, Buffer.concat([length, message]));
}

/** An engine in a few lines of shell; `$heard` waits for one message of the host. */
function program(name: string, ...lines: readonly string[]): Promise<string> {
  return write(
    name,
    ["#!/bin/sh", "export PATH=/usr/bin:/bin", "heard='dd bs=1M count=1'", ...lines].join("\n"),
  );
}

async function withProgram(
  nativeEngineProgram: string,
  use: (renderer: Renderer) => Promise<void>,
  options: RendererOptions = {},
): Promise<void> {
  await using renderer = await startRenderer({
    workers: 1,
    engine: "native",
    nativeEngineProgram,
    ...options,
  });
  await use(renderer);
}

const request = (rest: Partial<RenderRequest> = {}) => requestFor(files, rest);
const hear = "$heard >/dev/null 2>&1";

describe("the native engine", { timeout: 30_000 }, () => {
  it("is asked and answered over pipes; what it reads is recorded", async () => {
    const question = await say("question", { ask: "read", path: "env/values.yaml" });
    const reply = await say("reply", { ok: true }, configMap("native"));
    const answered = path.join(directory, "answered");
    const engine = await program(
      "asks",
      hear,
      `while cat ${question}; do $heard >${answered} 2>/dev/null; cat ${reply}; ${hear} || exit; done`,
    );
    await withProgram(engine, async (renderer) => {
      const all = { ...files, "env/values.yaml": "read natively" };
      expect(valuesIn(await renderer.render(requestFor(all)))).toEqual({ native: "plain" });
      expect(await readFile(answered, "utf8")).toContain("read natively");
      const trees = [{ "b.txt": "" }, { "env/values.yaml": "changed" }].map((changed) =>
        createMemoryTree({ ...all, ...changed }),
      );
      const cached: boolean[] = [];
      for (const tree of trees) cached.push((await renderer.render(request({ tree }))).cached);
      expect(cached).toEqual([true, false]);
    });
  });

  it("is started anew for another tenant, and only then, with nothing in its environment", async () => {
    const reply = await say("reply", { ok: true }, configMap("native"));
    const started = path.join(directory, "started");
    const engine = await program(
      "counts",
      `env | grep -v -e ^PATH= -e ^PWD= -e ^OLDPWD= -e ^SHLVL= -e ^_= | sort >>${started}`,
      `while ${hear}; do cat ${reply}; done`,
    );
    process.env["HOST_SECRET"] = "must not be inherited";
    await withProgram(engine, async (renderer) => {
      for (const [path, scope] of [
        ["app", "a"],
        ["app/templates", "a"],
        ["app", "b"],
      ] as const) {
        await renderer.render(request({ path, scope }));
      }
    });
    delete process.env["HOST_SECRET"];
    expect((await readFile(started, "utf8")).trim().split("\n")).toEqual([
      "GOGC=200",
      "GOMEMLIMIT=819MiB",
      "GOGC=200",
      "GOMEMLIMIT=819MiB",
    ]);
  });

  it("is kept for its tenant while others render", async () => {
    const reply = await say("reply", { ok: true }, configMap("native"));
    const started = path.join(directory, "kept");
    const engine = await program("keeps", `echo x >>${started}`, `while ${hear}; do cat ${reply}; done`);
    await withProgram(
      engine,
      async (renderer) => {
        const first = ["a", "b"].map((scope) => renderer.render(request({ scope })));
        await Promise.all(first);
        for (const scope of ["b", "a"]) await renderer.render(request({ scope, path: "app/templates" }));
      },
      { workers: 2 },
    );
    expect((await readFile(started, "utf8")).trim().split("\n")).toHaveLength(2);
  });

  it("hands back what it cannot render the same each time", async () => {
    const reply = await say("hands-back", {
      ok: false,
      error: { code: "RENDER_ENGINE_FALLBACK", message: "" },
    });
    const engine = await program("falls-back", `while ${hear}; do cat ${reply}; done`);
    await withProgram(engine, async (renderer) => {
      expect(valuesIn(await renderer.render(request()))).toEqual({ a: "wasm" });
    });
  });

  it("fails one render when it ends, and is started again", async () => {
    const marker = path.join(directory, "crashed");
    const reply = await say("reply", { ok: true }, configMap("native"));
    const engine = await program(
      "crashes",
      hear,
      `if [ ! -e ${marker} ]; then touch ${marker}; echo 'panic: x\n\tengine.go:12 +0x1' >&2; exit 2; fi`,
      `cat ${reply}`,
      hear,
    );
    await withProgram(engine, async (renderer) => {
      await expect(renderer.render(request())).rejects.toMatchObject({
        code: "RENDER_CRASHED",
        message: "app: the render engine ended at engine.go:12 before it had answered",
      });
      expect(valuesIn(await renderer.render(request()))).toEqual({ native: "plain" });
    });
  });

  it("is not asked for more memory than it may have, nor for endless output", async () => {
    const starved = await program("starves", hear, "echo 'fatal error: runtime: out of memory' >&2");
    await withProgram(starved, async (renderer) => {
      await expect(renderer.render(request())).rejects.toMatchObject({
        code: "RENDER_TOO_LARGE",
        message:
          "app: rendering needs more than 1024 MiB of memory; split the application or raise the limit",
      });
    });
    const endless = await program("floods", hear, "cat /dev/zero | tr '\\0' 'x'");
    await withProgram(endless, async (renderer) => {
      await expect(renderer.render(request())).rejects.toMatchObject({
        code: "RENDER_TOO_LARGE",
        message: expect.stringContaining("the native render engine's answer is larger") as string,
      });
    });
    const limit = await program("limited", `ulimit -v >${path.join(directory, "limit")}`, "exit 1");
    await withProgram(limit, async (renderer) => {
      await expect(renderer.render(request())).rejects.toMatchObject({ code: "RENDER_CRASHED" });
      expect(await readFile(path.join(directory, "limit"), "utf8")).toBe(`${2048 * 1024}\n`);
    });
  });

  it("is killed when the render takes too long or is cancelled", async () => {
    const running = path.join(directory, "pid");
    const engine = await program("hangs", `echo $$ >${running}`, hear, "exec sleep 1000");
    const isAlive = async (): Promise<boolean> => {
      const [, , state] = (
        await readFile(`/proc/${(await readFile(running, "utf8")).trim()}/stat`, "utf8").catch(
          () => "0 gone Z",
        )
      ).split(" ");
      return state !== "Z";
    };
    const limits = { timeoutMs: 300 };
    await withProgram(
      engine,
      async (renderer) => {
        await expect(renderer.render(request())).rejects.toMatchObject({ code: "RENDER_TIMEOUT" });
        await expect.poll(isAlive).toBe(false);
      },
      { limits },
    );
    await withProgram(engine, async (renderer) => {
      const stop = new AbortController();
      const rendering = renderer.render(request({ signal: stop.signal }));
      setTimeout(() => stop.abort(), 300);
      await expect(rendering).rejects.toMatchObject({ name: "AbortError" });
      await expect.poll(isAlive).toBe(false);
    });
  });
});

describe("which engine renders", () => {
  it("is the native one where it is present, unless WebAssembly is asked for", async () => {
    const listed = JSON.parse(await readFile(new URL("./engine/engines.json", import.meta.url), "utf8")) as {
      render: { sha256: string };
    };
    const reply = await say("reply", { ok: true }, configMap("native"));
    const engine = await program("mooring-render", `while ${hear}; do cat ${reply}; done`);
    const nativeEngineDirectory = path.join(directory, "engines");
    const place = path.join(nativeEngineDirectory, listed.render.sha256);
    await mkdir(place, { recursive: true });
    const namesWith = async (options: RendererOptions) => {
      await using renderer = await startRenderer({ workers: 1, nativeEngineDirectory, ...options });
      return Object.keys(valuesIn(await renderer.render(request())));
    };
    expect(await namesWith({})).toEqual(["a"]);
    await copyFile(engine, path.join(place, "mooring-render"));
    expect(await namesWith({})).toEqual(["native"]);
    expect(await namesWith({ engine: "wasm" })).toEqual(["a"]);
  });

  it("cannot be native where there is none", async () => {
    const nativeEngineProgram = path.join(directory, "none");
    await expect(startRenderer({ engine: "native", nativeEngineProgram })).rejects.toMatchObject({
      code: "CONFIG_NOT_FOUND",
      message: `native render engine: ${nativeEngineProgram} is not there; install it, or set the engine to auto or wasm`,
    });
  });
});

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngineModules } from "./engine-modules.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mooring-engines-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const open = () => openEngineModules({ directory, maxEngineMemoryMb: 64 });

describe("the shipped engines", () => {
  it("are an error only when one is needed and not there", async () => {
    const modules = await open();
    expect(modules.digestOf("render")).toBe("absent");
    await expect(modules.load("render")).rejects.toMatchObject({
      code: "CONFIG_NOT_FOUND",
      message: `render engine render: ${directory} does not hold it; install it or build it with make wasm`,
    });
  });

  it("are refused when they are not what the list says", async () => {
    const sha256 = "0".repeat(64);
    const list = { render: { file: "render.wasm.br", sha256 } };
    await writeFile(path.join(directory, "engines.json"), JSON.stringify(list));
    await writeFile(path.join(directory, "render.wasm.br"), brotliCompressSync("altered"));
    const modules = await open();
    expect(modules.digestOf("render")).toBe(sha256);
    await expect(modules.load("render")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: "render.wasm.br: is not what engines.json says; install the engine again",
    });
  });

  it("are looked for again when they could not be read: a lack of file descriptors passes", async () => {
    const wasm = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1);
    const sha256 = createHash("sha256").update(wasm).digest("hex");
    const list = { render: { file: "later.wasm.br", sha256 } };
    await writeFile(path.join(directory, "engines.json"), JSON.stringify(list));
    const modules = await open();
    await expect(modules.load("render")).rejects.toMatchObject({ code: "ENOENT" });
    await writeFile(path.join(directory, "later.wasm.br"), brotliCompressSync(wasm));
    expect(await modules.load("render")).toBeInstanceOf(WebAssembly.Module);
  });

  it("are refused when the list cannot be read", async () => {
    await writeFile(path.join(directory, "engines.json"), "{");
    await expect(open()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { messageOf, MooringError } from "#core/errors/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import { limitMemory } from "./limit-memory.ts";
import type { EngineName } from "./protocol.ts";

const maxModuleBytes = 256 * 1024 * 1024;
const decompress = promisify(brotliDecompress);

/** For all renderers of the process: a module holds no state, and takes half a second and 100 MB to make. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** The WebAssembly engines as they are shipped: compressed files and `engines.json`, which names them and their digests. */
export interface EngineModules {
  /** SHA-256 of the module; what is rendered anew when it changes. */
  digestOf(engine: EngineName): string;
  /** Decompressed, checked, limited and compiled at the first call. Throws CONFIG_NOT_FOUND or CONFIG_INVALID. */
  load(engine: EngineName): Promise<WebAssembly.Module>;
}

export interface EngineModulesOptions {
  readonly directory: string;
  readonly maxEngineMemoryMb: number;
}

/** Reads what is there; a directory without engines is an error only when one is needed. */
export async function openEngineModules(options: EngineModulesOptions): Promise<EngineModules> {
  const listed = await readList(options.directory);
  return {
    digestOf: (engine) => viewString(listed, engine, "sha256") ?? "absent",
    load: async (engine) => {
      const file = viewString(listed, engine, "file");
      const sha256 = viewString(listed, engine, "sha256");
      if (file === undefined || sha256 === undefined) {
        throw new MooringError(
          "CONFIG_NOT_FOUND",
          `render engine ${engine}: ${options.directory} does not hold it; install it or build it with make wasm`,
        );
      }
      const key = [options.directory, file, sha256, options.maxEngineMemoryMb].join("\0");
      const known = compiled.get(key) ?? compile(options, { file, sha256 });
      compiled.set(key, known);
      try {
        return await known;
      } catch (error) {
        // What failed for want of memory or of file descriptors may do better next time.
        if (compiled.get(key) === known) compiled.delete(key);
        throw error;
      }
    },
  };
}

async function readList(directory: string) {
  try {
    const listed: unknown = JSON.parse(await readFile(path.join(directory, "engines.json"), "utf8"));
    return isJsonObject(listed) ? listed : {};
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new MooringError("CONFIG_INVALID", `${directory}/engines.json: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function compile(
  { directory, maxEngineMemoryMb }: EngineModulesOptions,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
): Promise<WebAssembly.Module> {
  const compressed = await readFile(path.join(directory, file));
  const wasm = await decompress(compressed, { maxOutputLength: maxModuleBytes });
  const digest = Buffer.from(await webcrypto.subtle.digest("SHA-256", wasm)).toString("hex");
  if (digest !== sha256) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${file}: is not what engines.json says; install the engine again`,
    );
  }
  return WebAssembly.compile(limitMemory(wasm, maxEngineMemoryMb));
}

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { MooringError } from "#core/errors/index.ts";
import { shell } from "./native-engine.ts";
import type { ResolvedRendererOptions } from "./options.ts";

/** Elsewhere a process cannot be kept from taking all memory. */
const canLimitMemory = process.platform === "linux";

/** The native engine to use; undefined for none. Throws CONFIG_NOT_FOUND when one is demanded and there is none. */
export async function findNativeProgram(
  options: ResolvedRendererOptions,
  digest: string,
): Promise<string | undefined> {
  const { engine, nativeEngineDirectory: directory, nativeEngineProgram } = options;
  if (engine === "wasm" || (engine === "auto" && !canLimitMemory)) return undefined;
  const program =
    nativeEngineProgram ??
    (directory === undefined ? undefined : path.join(directory, digest, "mooring-render"));
  const isThere = program !== undefined && (await isExecutable(program)) && (await isExecutable(shell));
  if (isThere && canLimitMemory) return program;
  if (engine === "auto") return undefined;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `native render engine: ${program ?? "no directory for it is set, so it"} is not there; install it, or set the engine to auto or wasm`,
  );
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code !== undefined) return false;
    throw error;
  }
}

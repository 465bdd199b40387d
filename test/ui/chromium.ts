import { accessSync, constants } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

// scripts/require-servers.sh looks for the same ones.
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The machine's Chromium: `MOORING_CHROMIUM`, else the first that is in the path. Throws when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const told = env["MOORING_CHROMIUM"] ?? "";
  if (told !== "") return told;
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const found = names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  throw new Error(`there is no Chromium: install one of ${names.join(", ")}, or name it in MOORING_CHROMIUM`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES"))
      return false;
    throw error;
  }
}

export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Whoever is root, as in CI, may not use the sandbox.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...args],
  });
}

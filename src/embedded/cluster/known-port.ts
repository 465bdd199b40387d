import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const fileName = "port";

/** The port that a kept cluster had last, so that kubeconfigs outlive a restart; undefined when it never had one. */
export async function readKnownPort(directory: string): Promise<number | undefined> {
  try {
    const port = Number(await readFile(join(directory, fileName), "utf8"));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writeKnownPort(directory: string, port: number): Promise<void> {
  await writeFile(join(directory, fileName), String(port), { mode: 0o600 });
}

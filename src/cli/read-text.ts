import { messageOf } from "#core/errors/index.ts";
import type { CliPorts } from "./ports.ts";
import { usageError } from "./usage-error.ts";

/** A file that a flag names. Throws a usage error naming it when it cannot be read. */
export async function readText(file: string, ports: Pick<CliPorts, "readFile">): Promise<string> {
  try {
    return await ports.readFile(file);
  } catch (error) {
    throw usageError(`file ${file}: cannot be read: ${messageOf(error)}`);
  }
}

/** A file that need not be there; undefined when it is not. Throws a usage error naming it when it cannot be read. */
export async function readIfThere(
  file: string,
  ports: Pick<CliPorts, "readFile">,
): Promise<string | undefined> {
  try {
    return await ports.readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw usageError(`file ${file}: cannot be read: ${messageOf(error)}`);
  }
}

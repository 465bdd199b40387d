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

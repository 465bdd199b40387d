import type { CliPorts } from "../ports.ts";
import { readText } from "../read-text.ts";

/** The local file that --values-literal-file names. */
export async function readLiteral(
  file: string | undefined,
  ports: Pick<CliPorts, "readFile">,
): Promise<string | undefined> {
  return file === undefined ? undefined : readText(file, ports);
}

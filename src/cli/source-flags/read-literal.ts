import type { CliPorts } from "../ports.ts";

/** The local file that --values-literal-file names. */
export async function readLiteral(
  file: string | undefined,
  ports: Pick<CliPorts, "readFile">,
): Promise<string | undefined> {
  return file === undefined ? undefined : ports.readFile(file);
}

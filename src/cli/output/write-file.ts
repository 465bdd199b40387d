import type { CliPorts } from "../ports.ts";

/** Writes a report that others read later: it is there whole or not at all. */
export async function writeFileOf(ports: CliPorts, file: string, text: string): Promise<void> {
  await using written = await ports.createPrivateFile(file);
  await written.write(text);
  await written.commit();
}

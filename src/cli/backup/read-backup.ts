import type { BackupDocument } from "#core/backup/index.ts";
import { DocumentSplitter } from "#core/backup/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

/** The documents of a backup, read piece by piece; `-` is standard input. Throws CLI_USAGE when it cannot be read. */
export async function* readBackup(file: string, ports: CliPorts): AsyncGenerator<BackupDocument> {
  const splitter = new DocumentSplitter();
  const chunks = file === "-" ? ports.stdin.readChunks() : ports.readChunks(file);
  try {
    for await (const chunk of chunks) {
      ports.signal.throwIfAborted();
      yield* splitter.push(chunk);
    }
  } catch (error) {
    if (ports.signal.aborted || isMooringError(error)) throw error;
    throw usageError(`file ${file}: cannot be read: ${messageOf(error)}`);
  }
  yield* splitter.end();
}

/** How a document is called in messages. */
export function formatDocument({ number, line }: BackupDocument): string {
  return `document ${number}, from line ${line}`;
}

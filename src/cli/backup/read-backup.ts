import type { BackupDocument } from "#core/backup/index.ts";
import { DocumentSplitter } from "#core/backup/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

/** A backup that is read piece by piece. */
export interface Backup {
  /** To be read once. Throws CLI_USAGE when the file cannot be read. */
  readonly documents: AsyncIterable<BackupDocument>;
  /** Asked when all documents were read: why there may have been more; undefined when the backup says itself that it is all of this scope. */
  readonly incompleteness: (scope: string) => string | undefined;
}

/** `-` is standard input. */
export function readBackup(file: string, ports: CliPorts): Backup {
  const splitter = new DocumentSplitter();
  return {
    documents: readDocuments(file, splitter, ports),
    incompleteness: (scope) => {
      const why = splitter.incompleteness(scope);
      return why === undefined ? undefined : `file ${file}: ${why}`;
    },
  };
}

async function* readDocuments(
  file: string,
  splitter: DocumentSplitter,
  ports: CliPorts,
): AsyncGenerator<BackupDocument> {
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

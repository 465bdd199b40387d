import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { unpackArchive } from "#registry/index.ts";

const mebibyte = 1024 * 1024;

/**
 * The files of a gzipped tar that a client sent, in memory. Throws API_TOO_LARGE as soon as it unpacks to too much and API_INVALID_ARGUMENT
 * for what is broken or leads out of it.
 */
export async function unpackFiles(archive: Uint8Array, signal: AbortSignal): Promise<SourceTree> {
  const subject = { text: "files of the client", key: "" };
  const limits = { maxUnpackedBytes: 128 * mebibyte, maxEntries: 20_000, maxPathBytes: 4096 };
  try {
    const options = { compression: "gzip", strip: false, subject, revision: "", limits, signal } as const;
    return (await unpackArchive(archive, options)).tree;
  } catch (error) {
    if (isMooringError(error, "CHART_TOO_LARGE")) throw refused("API_TOO_LARGE", error);
    if (isMooringError(error, "CHART_INVALID")) throw refused("API_INVALID_ARGUMENT", error);
    throw error;
  }
}

function refused(code: "API_TOO_LARGE" | "API_INVALID_ARGUMENT", cause: MooringError): MooringError {
  return new MooringError(code, cause.message.replace("package and publish it anew", "send them anew"), {
    cause,
  });
}

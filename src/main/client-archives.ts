import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { ClientArchives } from "#ports/client-archives.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { unpackArchive } from "#registry/index.ts";
import { ByteRoom } from "#runtime/byte-room.ts";
import type { Clock } from "#runtime/clock.ts";

const mebibyte = 1024 * 1024;
const maxUnpackedBytes = 128 * mebibyte;
/** Of all clients together, as they come and unpacked: two of the largest, or hundreds of the usual ones. */
const maxHeldBytes = 256 * mebibyte;
/** One client that sends slowly leaves room for others. */
const maxPerUser = 4;
const waitMs = 10_000;

/** Room for what clients send, for this process. */
export function createClientArchives(clock: Pick<Clock, "after">): ClientArchives {
  const options = { maxBytes: maxHeldBytes, waitMs, clock };
  const arriving = new ByteRoom({ ...options, what: "archive of the client", maxPerUser });
  const unpacked = new ByteRoom({ ...options, what: "files of the client" });
  return {
    arrive: (asked) => arriving.enter(asked),
    unpack: async (archive, signal) => {
      const room = await unpacked.enter({ bytes: maxUnpackedBytes, signal });
      try {
        const { tree, bytes } = await unpackFiles(archive, signal);
        room.shrink(bytes);
        return { tree, [Symbol.dispose]: () => room[Symbol.dispose]() };
      } catch (error) {
        room[Symbol.dispose]();
        throw error;
      }
    },
  };
}

interface UnpackedFiles {
  readonly tree: SourceTree;
  readonly bytes: number;
}

/** Throws API_TOO_LARGE as soon as it unpacks to too much and API_INVALID_ARGUMENT for what is broken or leads out of it. */
async function unpackFiles(archive: Uint8Array, signal: AbortSignal): Promise<UnpackedFiles> {
  const subject = { text: "files of the client", key: "" };
  const limits = { maxUnpackedBytes, maxEntries: 20_000, maxPathBytes: 4096 };
  try {
    const options = { compression: "gzip", strip: false, subject, revision: "", limits, signal } as const;
    return await unpackArchive(archive, options);
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

import { MooringError } from "#core/errors/index.ts";
import { addressPrefix } from "./auth/throttle/address-prefix.ts";
import type { Identity } from "./auth/index.ts";

export interface StreamLimitOptions {
  /** Streams that one user, token of a project's role, or address without a login may have open. */
  readonly maxPerReader: number;
  /** Streams of all together. */
  readonly maxInAll: number;
}

/** Who opens a stream. */
interface StreamReader {
  readonly identity: Identity | undefined;
  /** Where the request comes from; undefined when that is not known. */
  readonly address: string | undefined;
}

/** Counts the streams that are open: each holds memory and is asked about with every change for as long as its client likes. */
export interface StreamLimits {
  /** Counts a stream until what comes back is disposed of, or the signal aborts. Throws API_THROTTLED. */
  readonly enter: (reader: StreamReader, signal: AbortSignal) => Disposable;
  /** How many are open. */
  readonly size: number;
}

export const usualStreamLimits: StreamLimitOptions = { maxPerReader: 200, maxInAll: 10_000 };

/** Throws CONFIG_INVALID for less than one stream. */
export function createStreamLimits({ maxPerReader, maxInAll }: StreamLimitOptions): StreamLimits {
  if (!Number.isSafeInteger(maxPerReader) || maxPerReader < 1) {
    throw new MooringError(
      "CONFIG_INVALID",
      `--max-streams-per-user is ${maxPerReader}; it must be 1 or more`,
    );
  }
  const open = new Map<string, number>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    enter: (reader, signal) => {
      signal.throwIfAborted();
      const { key, who } = describeReader(reader);
      const own = open.get(key) ?? 0;
      if (own >= maxPerReader) {
        throw throttled(
          `${who} has ${own} streams open, and ${maxPerReader} is the most that one may have; close those that are not read, or raise --max-streams-per-user of the server`,
        );
      }
      if (size >= maxInAll) {
        throw throttled(
          `the server has ${size} streams open, and ${maxInAll} is the most; close those that are not read, or ask another replica`,
        );
      }
      size += 1;
      open.set(key, own + 1);
      let isOpen = true;
      const leave = (): void => {
        if (!isOpen) return;
        isOpen = false;
        signal.removeEventListener("abort", leave);
        size -= 1;
        const left = (open.get(key) ?? 1) - 1;
        if (left === 0) open.delete(key);
        else open.set(key, left);
      };
      signal.addEventListener("abort", leave, { once: true });
      return { [Symbol.dispose]: leave };
    },
  };
}

/** A role of a project has many tokens, of which each is somebody's. Who is nobody in particular is counted by where they are. */
function describeReader({ identity, address }: StreamReader): { readonly key: string; readonly who: string } {
  if (identity === undefined || identity.kind === "anonymous") {
    const place = address === undefined ? "an unknown address" : (addressPrefix(address) ?? address);
    return { key: `at ${place}`, who: `who is not logged in at ${place}` };
  }
  const { kind, username, subject, issuer, claims } = identity;
  const token = kind === "project" ? JSON.stringify(claims["jti"] ?? claims["iat"] ?? "") : "";
  return {
    key: JSON.stringify([kind, issuer, subject, token]),
    who: kind === "project" ? `a token of ${username}` : username,
  };
}

function throttled(message: string): MooringError {
  return new MooringError("API_THROTTLED", message);
}

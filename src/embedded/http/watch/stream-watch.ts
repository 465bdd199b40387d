import { ApiError } from "../../api-error.ts";
import type { WatchReader } from "../../verbs/api.ts";
import type { Exchange } from "../exchange.ts";
import type { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";

export interface WatchStream {
  readonly exchange: Exchange;
  readonly lines: EventLines;
  /** Throws ApiError; `Expired` is told in the stream. */
  readonly open: (onEvents: () => void) => WatchReader;
  readonly allowBookmarks: boolean;
  readonly timeoutMs: number;
  readonly bookmarkIntervalMs: number;
  /** Ends the watch. */
  readonly ending: AbortSignal;
  readonly onError: (error: unknown) => void;
}

const lastBookmarkMs = 2_000;

/**
 * Writes events as fast as the client reads them and no faster: what it has not read stays with the reader, which costs nothing.
 * Resolves when the watch is over.
 */
export async function streamWatch(stream: WatchStream): Promise<void> {
  const { exchange, lines, onError } = stream;
  const { promise, resolve } = Promise.withResolvers<void>();
  const writer = new EventWriter({ exchange, lines, onError, onEnd: resolve });
  const reader = openReader(stream, writer);
  if (reader === undefined) return promise;
  using owned = new DisposableStack();
  owned.use(reader);
  exchange.response.once("close", resolve);
  owned.use(startTimers(stream, writer));
  const end = (): void => writer.end();
  stream.ending.addEventListener("abort", end, { once: true });
  owned.defer(() => stream.ending.removeEventListener("abort", end));
  if (stream.ending.aborted) end();
  writer.pump();
  await promise;
}

/** Undefined for a watch that ends as it begins. */
function openReader({ open, lines }: WatchStream, writer: EventWriter): WatchReader | undefined {
  try {
    const reader = open(() => writer.pump());
    writer.start(reader);
    return reader;
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "Expired") throw error;
    writer.start();
    writer.end(lines.errorLine(error));
    return undefined;
  }
}

function startTimers(stream: WatchStream, writer: EventWriter): Disposable {
  const { exchange, allowBookmarks, timeoutMs, bookmarkIntervalMs } = stream;
  const { clock } = exchange;
  const timers = new DisposableStack();
  timers.use(clock.after(timeoutMs, () => writer.end()));
  if (!allowBookmarks) return timers;
  const bookmark = (): void => writer.writeBookmark((reader) => reader.bookmark());
  timers.use(clock.after(Math.max(0, timeoutMs - lastBookmarkMs), bookmark));
  let repeated: Disposable | undefined;
  const repeat = (): void => {
    repeated = clock.after(bookmarkIntervalMs, () => {
      bookmark();
      repeat();
    });
  };
  repeat();
  timers.defer(() => repeated?.[Symbol.dispose]());
  return timers;
}

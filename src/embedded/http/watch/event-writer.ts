import { ApiError } from "../../api-error.ts";
import type { WatchItem, WatchReader } from "../../verbs/api.ts";
import { flushHead, setHead } from "../answer/write.ts";
import { internalError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { EventLines } from "./event-lines.ts";

export interface EventWriterOptions {
  readonly exchange: Exchange;
  readonly lines: EventLines;
  readonly onError: (error: unknown) => void;
  /** Called once, when nothing more will be written. */
  readonly onEnd: () => void;
}

// So many events in one turn of the event loop; then others have theirs.
const maxTurnEvents = 200;
const maxChunkChars = 64 * 1024;
const lingerMs = 10_000;

/** Writes the events of one watch as fast as its client reads, and asks for the next only then. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #reader: WatchReader | undefined;
  #isOver = false;
  /** The client has to read first. */
  #isFull = false;
  /** More is written in a later turn of the event loop. */
  #isResting = false;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    options.exchange.response.on("drain", () => {
      this.#isFull = false;
      this.pump();
    });
  }

  /** Tells the client that the watch has begun; before, it can still be refused. */
  start(reader?: WatchReader): void {
    const { exchange } = this.#options;
    this.#reader = reader;
    setHead(exchange, { status: 200, contentType: "application/json" });
    flushHead(exchange);
  }

  /** Writes what there is, until the client has to read first. */
  pump(): void {
    const reader = this.#reader;
    if (reader === undefined || this.#isResting || this.#isFull) return;
    this.#guard(() => {
      const { text, isAll } = readLines(reader, this.#options.lines);
      this.#write(text);
      if (!isAll && !this.#isFull) this.#rest();
    });
  }

  /** Only when the client has read everything: it gets no bookmark before what the bookmark covers. */
  writeBookmark(read: (reader: WatchReader) => WatchItem): void {
    const reader = this.#reader;
    if (reader === undefined || this.#isResting || this.#isFull) return;
    this.#guard(() => this.#write(this.#options.lines.lineOf(read(reader))));
  }

  /** With a last line, or none. */
  end(line = ""): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { exchange, onEnd } = this.#options;
    exchange.response.end(line);
    onEnd();
    // What a client that does not read was still sent is not kept for ever.
    exchange.clock.after(lingerMs, () => void (exchange.isGone() || exchange.response.destroy()));
  }

  #write(text: string): void {
    if (text === "") return;
    const response = this.#options.exchange.response as NodeJS.WritableStream;
    this.#isFull = !response.write(text);
  }

  #rest(): void {
    this.#isResting = true;
    setImmediate(() => {
      this.#isResting = false;
      this.pump();
    });
  }

  #guard(work: () => void): void {
    const { exchange, lines, onError } = this.#options;
    if (this.#isOver || exchange.isGone()) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof ApiError)) onError(error);
      this.end(lines.errorLine(error instanceof ApiError ? error : internalError()));
    }
  }
}

function readLines(
  reader: WatchReader,
  lines: EventLines,
): { readonly text: string; readonly isAll: boolean } {
  let text = "";
  for (let count = 0; count < maxTurnEvents && text.length < maxChunkChars; count += 1) {
    const item = reader.next();
    if (item === undefined) return { text, isAll: true };
    text += lines.lineOf(item);
  }
  return { text, isAll: false };
}

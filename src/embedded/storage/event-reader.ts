import type { EventTrack, Sleeper } from "./event-track.ts";
import type { KeptEvent } from "./kept-object.ts";
import { RevisionCompacted, type StoreReader } from "./store.ts";

interface EventReaderOptions {
  readonly track: EventTrack;
  readonly after: number;
  readonly onEvents: () => void;
  readonly onClose: () => void;
  /** The store's revision. */
  readonly now: () => number;
  /** The oldest revision that the error names. */
  readonly oldest: () => number;
}

/** A place in a track. It is asleep in the track, woken in a microtask to come, or told of events and not yet through with them. */
export class EventReader implements StoreReader, Sleeper {
  readonly #options: EventReaderOptions;
  readonly #track: EventTrack;
  #place: number;
  #read: number;
  #told = false;
  #closed = false;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#track = options.track;
    this.#read = options.after;
    this.#place = this.#track.placeAfter(options.after);
    this.#track.readers += 1;
    if (this.#isBehind) queueMicrotask(() => this.wake());
    else this.#track.sleep(this);
  }

  /** Counts revisions in which nothing happened here: a reader that idles can be continued even after a compaction. */
  get revision(): number {
    const upTo = this.#isBehind
      ? (this.#track.at(this.#place)?.stored.revision ?? 0) - 1
      : this.#options.now();
    return Math.max(this.#read, upTo);
  }

  next(): KeptEvent | undefined {
    if (this.#closed) return undefined;
    if (this.#read < this.#track.forgotten) {
      throw new RevisionCompacted(this.#read, this.#options.oldest());
    }
    // A reader may have been opened for a revision that was still to come: it skips, and may forget, what comes before.
    this.#place = Math.max(this.#place, this.#track.first);
    while (this.#isBehind) {
      const event = this.#track.at(this.#place);
      this.#place += 1;
      if (event === undefined || event.stored.revision <= this.#read) continue;
      this.#read = event.stored.revision;
      return event;
    }
    if (this.#told) this.#sleep();
    return undefined;
  }

  wake(): void {
    if (this.#closed) return;
    if (!this.#isBehind) return this.#sleep();
    this.#told = true;
    this.#options.onEvents();
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#track.forget(this);
    this.#track.readers -= 1;
    this.#options.onClose();
  }

  get #isBehind(): boolean {
    return this.#place < this.#track.end;
  }

  #sleep(): void {
    this.#told = false;
    this.#track.sleep(this);
  }
}

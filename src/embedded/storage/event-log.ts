import { EventReader } from "./event-reader.ts";
import { EventTrack } from "./event-track.ts";
import type { KeptEvent } from "./kept-object.ts";
import { RevisionCompacted, type StoreReader, type StoreReaderOptions } from "./store.ts";

/** How much of the past is kept, for each resource. */
export interface LogLimits {
  readonly maxEvents: number;
  /** Of the JSON of replaced and deleted objects, in characters; what still exists costs the log nothing. */
  readonly maxBytes: number;
}

/** Readers are seldom further behind than this. Older versions stay as text, which takes a fraction of the memory. */
const parsedEvents = 256;

/** A deletion also keeps what it shows, which is about the same as what was there. */
function weightOf({ type, previous }: KeptEvent): number {
  return (previous?.text.length ?? 0) * (type === "deleted" ? 2 : 1);
}

/** The newest events of one resource, as a whole and by namespace. Both drop their oldest together. */
export class EventLog {
  readonly #limits: LogLimits;
  readonly #all = new EventTrack();
  readonly #byNamespace = new Map<string, EventTrack>();
  #weight = 0;
  #oldest: number;

  constructor(limits: LogLimits, oldest: number) {
    this.#limits = limits;
    this.#oldest = oldest;
  }

  append(event: KeptEvent): void {
    this.#weight += weightOf(event);
    this.#all.push(event);
    this.#trackOf(event.stored.key.namespace).push(event);
    this.#keepTextOnly(this.#all.at(this.#all.end - 1 - parsedEvents));
    const { maxEvents, maxBytes } = this.#limits;
    while (this.#all.size > maxEvents || (this.#weight > maxBytes && this.#all.size > 1)) this.#dropOldest();
  }

  /** Forgets the events up to a revision. */
  compact(revision: number): void {
    while ((this.#all.at(this.#all.first)?.stored.revision ?? Infinity) <= revision) this.#dropOldest();
    this.#oldest = Math.max(this.#oldest, revision);
  }

  /** Events after a revision, oldest first. Throws RevisionCompacted when some of them are gone. */
  eventsAfter(revision: number, namespace?: string): readonly KeptEvent[] {
    this.#assertKept(revision);
    const track = namespace === undefined ? this.#all : this.#byNamespace.get(namespace);
    const events: KeptEvent[] = [];
    if (track === undefined) return events;
    for (let place = track.placeAfter(revision); place < track.end; place += 1) {
      const event = track.at(place);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  /** Throws RevisionCompacted when events after that revision are gone. `now` gives the store's revision. */
  openReader({ namespace, after, onEvents }: StoreReaderOptions, now: () => number): StoreReader {
    this.#assertKept(after);
    return new EventReader({
      track: namespace === undefined ? this.#all : this.#trackOf(namespace),
      after,
      onEvents,
      onClose: () => this.#forgetUnused(namespace),
      now,
      oldest: () => this.#oldest,
    });
  }

  #assertKept(revision: number): void {
    if (revision < this.#oldest) throw new RevisionCompacted(revision, this.#oldest);
  }

  #trackOf(namespace: string): EventTrack {
    const track = this.#byNamespace.get(namespace) ?? new EventTrack();
    this.#byNamespace.set(namespace, track);
    return track;
  }

  #keepTextOnly(event: KeptEvent | undefined): void {
    event?.previous?.keepTextOnly();
    if (event?.type === "deleted") event.stored.keepTextOnly();
  }

  #dropOldest(): void {
    const event = this.#all.at(this.#all.first);
    if (event === undefined) return;
    const { revision, key } = event.stored;
    this.#all.shift();
    this.#byNamespace.get(key.namespace)?.shift();
    this.#forgetUnused(key.namespace);
    this.#weight -= weightOf(event);
    this.#oldest = Math.max(this.#oldest, revision);
  }

  #forgetUnused(namespace: string | undefined): void {
    if (namespace === undefined) return;
    const track = this.#byNamespace.get(namespace);
    if (track?.size === 0 && track.readers === 0) this.#byNamespace.delete(namespace);
  }
}

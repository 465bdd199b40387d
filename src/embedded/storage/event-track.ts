import type { KeptEvent } from "./kept-object.ts";
import { lowerBound } from "./lower-bound.ts";

/** Whoever waits for the next event of a track. */
export interface Sleeper {
  wake(): void;
}

/**
 * Events in the order of revisions, each with a place that it keeps while older ones are dropped. A track is what readers of one
 * resource, or of one namespace of it, read: a write elsewhere neither wakes them nor has to be skipped.
 */
export class EventTrack {
  readonly #events = new Map<number, KeptEvent>();
  readonly #sleepers = new Set<Sleeper>();
  /** How many readers are open. */
  readers = 0;
  #first = 0;
  #end = 0;
  #forgotten = 0;

  /** The place of the oldest event that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The revision of the newest event that is not kept. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The place that the next event will have. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#end - this.#first;
  }

  at(place: number): KeptEvent | undefined {
    return this.#events.get(place);
  }

  /** Wakes the sleepers in microtasks: a write is done before anybody reads it, and many in one turn wake once. */
  push(event: KeptEvent): void {
    this.#events.set(this.#end, event);
    this.#end += 1;
    for (const sleeper of this.#sleepers) queueMicrotask(() => sleeper.wake());
    this.#sleepers.clear();
  }

  shift(): void {
    this.#forgotten = this.at(this.#first)?.stored.revision ?? this.#forgotten;
    this.#events.delete(this.#first);
    this.#first += 1;
  }

  sleep(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper);
  }

  forget(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
  }

  /** The place of the first event that is kept and newer than a revision. */
  placeAfter(revision: number): number {
    return lowerBound(
      this.#first,
      this.#end,
      (place) => (this.#events.get(place)?.stored.revision ?? 0) <= revision,
    );
  }
}

interface Sighting {
  readonly version: number;
  toMs: number;
  /** It was seen to be settled. */
  isSettled: boolean;
}

export interface Seen {
  readonly version: number;
  readonly atMs: number;
  /** What it stands for works. */
  readonly isSettled: boolean;
}

/** Which version of each object was in its cluster, and until when. */
export class Sightings {
  readonly #seen = new Map<string, Sighting[]>();

  see(place: string, { version, atMs, isSettled }: Seen): void {
    const known = this.#seen.get(place) ?? [];
    this.#seen.set(place, known);
    const last = known.at(-1);
    if (last?.version === version && last.toMs === Infinity) {
      last.isSettled ||= isSettled;
      return;
    }
    this.end(place, atMs);
    known.push({ version, toMs: Infinity, isSettled });
  }

  /** The object is gone, or another version. */
  end(place: string, atMs: number): void {
    const last = this.#seen.get(place)?.at(-1);
    if (last !== undefined && last.toMs === Infinity) last.toMs = atMs;
  }

  /** It was there at that version, then or later. */
  wasThereSince(place: string, version: number, sinceMs: number): boolean {
    return (this.#seen.get(place) ?? []).some((one) => one.version === version && one.toMs >= sinceMs);
  }

  /** It was there at that version, and settled, at some time. */
  wasSettled(place: string, version: number): boolean {
    return (this.#seen.get(place) ?? []).some((one) => one.version === version && one.isSettled);
  }
}

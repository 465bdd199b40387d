import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewPath, viewString } from "#core/object/index.ts";
import { parseDuration } from "#core/sync/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Asked } from "./read-status.ts";
import { askedOf, doneOf, statusOf } from "./read-status.ts";
import type { Due } from "./round.ts";

interface Entry {
  readonly uid: string;
  /** What was acted on. */
  readonly done: Asked;
  readonly nextMs: number;
  readonly isWorkedOn: boolean;
}

/** Whoever is due within such a part of the interval goes along. */
const coalescedShare = 0.1;
const defaultIntervalMs = 300_000;

/** When each automation is looked at; after a restart, when its status says. */
export class Schedule {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those whose turn it is, if it is anybody's, and those that were suspended just now. */
  take(objects: Iterable<KubeObject>): {
    readonly due: readonly Due[];
    readonly suspended: readonly KubeObject[];
  } {
    const all = [...objects];
    this.#forget(all);
    const suspended: KubeObject[] = [];
    const due: Due[] = [];
    const nowMs = this.#clock.now();
    const isAnyDue = all.some((object) => this.#isDue(object, nowMs, 0));
    for (const object of isAnyDue ? all : []) {
      const share = isSuspended(object) ? 0 : coalescedShare;
      if (!this.#isDue(object, nowMs, share)) continue;
      const { done } = this.#entryOf(object);
      const asked = askedOf(object);
      const key = keyOf(object);
      const entry = { uid: object.metadata.uid ?? "", done: asked };
      if (isSuspended(object)) {
        suspended.push(object);
        this.#entries.set(key, { ...entry, nextMs: Number.POSITIVE_INFINITY, isWorkedOn: false });
      } else {
        due.push({ object, isAsked: asked.scan !== done.scan });
        this.#entries.set(key, { ...entry, nextMs: nowMs, isWorkedOn: true });
      }
    }
    return { due, suspended };
  }

  done(object: KubeObject, nextMs: number): void {
    const key = keyOf(object);
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.uid === object.metadata.uid)
      this.#entries.set(key, { ...entry, nextMs, isWorkedOn: false });
  }

  untilNextMs(objects: Iterable<KubeObject>): number {
    const nowMs = this.#clock.now();
    const waits = [...objects].flatMap((object) => {
      const entry = this.#entryOf(object);
      if (entry.isWorkedOn) return [];
      return [this.#isDue(object, nowMs, 0) ? 0 : entry.nextMs - nowMs];
    });
    return Math.min(Number.POSITIVE_INFINITY, ...waits);
  }

  #isDue(object: KubeObject, nowMs: number, share: number): boolean {
    const { done, nextMs, isWorkedOn } = this.#entryOf(object);
    if (isWorkedOn) return false;
    return !jsonEqual({ ...askedOf(object) }, { ...done }) || nextMs <= nowMs + share * intervalOf(object);
  }

  #entryOf(object: KubeObject): Entry {
    const known = this.#entries.get(keyOf(object));
    const { uid = "" } = object.metadata;
    if (known?.uid === uid) return known;
    const nextMs = Date.parse(statusOf(object).nextScan ?? "");
    return {
      uid,
      done: doneOf(object),
      nextMs: isSuspended(object) ? Number.POSITIVE_INFINITY : Number.isNaN(nextMs) ? 0 : nextMs,
      isWorkedOn: false,
    };
  }

  #forget(objects: readonly KubeObject[]): void {
    const keys = new Set(objects.map((object) => keyOf(object)));
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

function isSuspended(object: KubeObject): boolean {
  return viewPath(object, "spec", "suspend") === true;
}

function intervalOf(object: KubeObject): number {
  const text = viewString(object, "spec", "interval");
  try {
    return text === undefined ? defaultIntervalMs : parseDuration(text);
  } catch {
    return defaultIntervalMs;
  }
}

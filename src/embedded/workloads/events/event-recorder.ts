import type { KubeObject } from "#core/object/index.ts";
import { viewNumber, viewString } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreKey } from "../../storage/store.ts";
import type { ClusterState } from "../../verbs/cluster-state.ts";
import { keyIn, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import type { Happening } from "./happening.ts";
import { eventOf } from "./happening.ts";

export interface EventLimits {
  /** Of all events; the oldest go first. */
  readonly maxEvents: number;
  readonly maxAgeMs: number;
  /** So many Normal events of pods are recorded in a second at most: a large rollout is not told pod by pod. */
  readonly maxPerSecond: number;
}

export const defaultEventLimits: EventLimits = {
  maxEvents: 2000,
  maxAgeMs: 60 * 60 * 1000,
  maxPerSecond: 100,
};

/** Different messages of one reason about one object are told apart so many times. */
const maxSimilar = 10;

interface Told {
  readonly key: StoreKey;
  readonly id: string;
  readonly atMs: number;
  /** How often it happened since it was written. */
  readonly untold: number;
}

/** What happens again so soon is counted, and written later. */
const repeatMs = 1000;

/** Writes Event objects: what happens again counts up, and there is a bound on how many there are. */
export class EventRecorder implements Disposable {
  readonly #calls: SystemCalls;
  readonly #clock: Clock;
  readonly #limits: EventLimits;
  /** By what they tell; the one that was written last is last. */
  readonly #told = new Map<string, Told>();
  readonly #similar = new Map<string, number>();
  /** What has to be written yet. */
  readonly #untold = new Set<string>();
  #flushing: Disposable | undefined;
  #second = 0;
  #inSecond = 0;
  #serial = 0;

  constructor(
    state: ClusterState,
    { clock, limits }: { readonly clock: Clock; readonly limits: EventLimits },
  ) {
    this.#calls = systemCalls(state, "event-recorder");
    this.#clock = clock;
    this.#limits = limits;
    const known = state.store.list({ resource: resources.events }).map(({ object }) => object);
    for (const event of known.toSorted((a, b) => lastSeen(a) - lastSeen(b))) this.#remember(event);
  }

  record(happening: Happening): void {
    if (this.#isTooMuch(happening)) return;
    const told = this.#combine(happening);
    const id = idOf(told);
    const known = this.#told.get(id);
    if (known !== undefined && this.#clock.now() < known.atMs + repeatMs) {
      this.#told.set(id, { ...known, untold: known.untold + 1 });
      this.#untold.add(id);
      this.#flushing ??= this.#clock.after(repeatMs, () => this.#flush());
      return;
    }
    const event = known && this.#calls.read(known.key);
    if (known === undefined || event === undefined) this.#create(told);
    else this.#repeat(event, { ...known, untold: known.untold + 1 });
    this.#forgetOld();
  }

  [Symbol.dispose](): void {
    this.#flushing?.[Symbol.dispose]();
  }

  #flush(): void {
    this.#flushing = undefined;
    for (const id of this.#untold) {
      const known = this.#told.get(id);
      const event = known && this.#calls.read(known.key);
      if (known !== undefined && event !== undefined && known.untold > 0) this.#repeat(event, known);
    }
    this.#untold.clear();
  }

  #isTooMuch({ object, type }: Happening): boolean {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#second) [this.#second, this.#inSecond] = [second, 0];
    if (type === "Warning" || object.kind !== "Pod") return false;
    this.#inSecond += 1;
    return this.#inSecond > this.#limits.maxPerSecond;
  }

  /** As clients of the API do it: from the tenth on, events that differ in their message alone become one. */
  #combine(happening: Happening): Happening {
    if (this.#told.has(idOf(happening))) return happening;
    const similar = `${uidOf(happening.object)} ${happening.reason}`;
    const count = (this.#similar.get(similar) ?? 0) + 1;
    this.#similar.set(similar, count);
    if (count <= maxSimilar) return happening;
    return { ...happening, message: "(combined from similar events)" };
  }

  #create(happening: Happening): void {
    const now = this.#clock.now();
    this.#serial += 1;
    const event = eventOf(happening, { now, serial: this.#serial });
    const key = keyIn(resources.events, event);
    if (this.#calls.create(key, event) !== undefined) {
      this.#told.set(idOf(happening), { key, id: idOf(happening), atMs: now, untold: 0 });
    }
  }

  #repeat(event: KubeObject, { key, id, untold }: Told): void {
    const now = this.#clock.now();
    const count = (viewNumber(event, "count") ?? 1) + untold;
    this.#calls.replace(key, { ...event, count, lastTimestamp: formatTime(now) });
    this.#told.delete(id);
    this.#told.set(id, { key, id, atMs: now, untold: 0 });
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - this.#limits.maxAgeMs;
    for (const { id, key, atMs } of this.#told.values()) {
      if (this.#told.size <= this.#limits.maxEvents && atMs >= oldest) return;
      this.#told.delete(id);
      this.#similar.delete(id.split(" ", 2).join(" "));
      this.#calls.remove(key, { propagation: "Background", uid: undefined });
    }
  }

  #remember(event: KubeObject): void {
    const id = [
      viewString(event, "involvedObject", "uid") ?? "",
      viewString(event, "reason") ?? "",
      viewString(event, "involvedObject", "fieldPath") ?? "",
      viewString(event, "message") ?? "",
    ].join(" ");
    this.#told.set(id, { key: keyIn(resources.events, event), id, atMs: lastSeen(event), untold: 0 });
  }
}

function idOf({ object, reason, fieldPath = "", message }: Happening): string {
  return `${uidOf(object)} ${reason} ${fieldPath} ${message}`;
}

function lastSeen(event: KubeObject): number {
  const time = viewString(event, "lastTimestamp") ?? event.metadata.creationTimestamp ?? "";
  return Date.parse(time) || 0;
}

import type { Clock } from "#runtime/clock.ts";
import { createBell } from "../../bell.ts";

interface Timed {
  /** RFC 3339 in UTC; what has none comes first. */
  readonly time: string;
}

export interface MergeOptions {
  /** How long one that is silent is waited for before the others go on without it; undefined waits until it speaks or ends. */
  readonly patienceMs: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Lane<T> {
  readonly items: AsyncIterator<T>;
  head: T | undefined;
  isAsking: boolean;
  isDone: boolean;
  /** It was waited for in vain: it is not waited for again until it speaks. */
  isSilent: boolean;
  failure: unknown;
}

/** Several logs as one, by time. One line of each is held at most. Throws what one of them throws. */
export async function* mergeByTime<T extends Timed>(
  logs: readonly AsyncIterable<T>[],
  { patienceMs, clock, signal }: MergeOptions,
): AsyncGenerator<T> {
  const bell = createBell(signal);
  const lanes = logs.map((log) => laneOf(log));
  while (!signal.aborted) {
    for (const lane of lanes) ask(lane, () => bell.ring());
    const failed = lanes.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw failed.failure;
    const first = earliest(lanes);
    const awaited = lanes.filter((lane) => lane.head === undefined && !lane.isDone);
    if (first === undefined && awaited.length === 0) return;
    if (first?.head !== undefined && awaited.every(({ isSilent }) => isSilent)) {
      const { head } = first;
      first.head = undefined;
      yield head;
      continue;
    }
    const isHurried = first !== undefined && patienceMs !== undefined;
    using _timer = isHurried ? clock.after(patienceMs, () => silence(awaited, () => bell.ring())) : undefined;
    await bell.rung();
  }
}

function laneOf<T>(log: AsyncIterable<T>): Lane<T> {
  return {
    items: log[Symbol.asyncIterator](),
    head: undefined,
    isAsking: false,
    isDone: false,
    isSilent: false,
    failure: undefined,
  };
}

function ask<T>(lane: Lane<T>, ring: () => void): void {
  if (lane.head !== undefined || lane.isAsking || lane.isDone) return;
  lane.isAsking = true;
  lane.items
    .next()
    .then(
      ({ done, value }) => {
        if (done === true) lane.isDone = true;
        else lane.head = value;
      },
      (error: unknown) => void (lane.failure = error),
    )
    .finally(() => {
      lane.isAsking = false;
      lane.isSilent = false;
      ring();
    });
}

function silence<T>(lanes: readonly Lane<T>[], ring: () => void): void {
  for (const lane of lanes) lane.isSilent = lane.isAsking;
  ring();
}

function earliest<T extends Timed>(lanes: readonly Lane<T>[]): Lane<T> | undefined {
  let first: Lane<T> | undefined;
  for (const lane of lanes) {
    if (lane.head === undefined) continue;
    if (first?.head === undefined || compareTimes(lane.head.time, first.head.time) < 0) first = lane;
  }
  return first;
}

/** As texts, since they have nanoseconds; `Z` sorts behind digits, so that fractions are compared padded. */
function compareTimes(a: string, b: string): number {
  const [left, right] = [padded(a), padded(b)];
  return left < right ? -1 : Number(left > right);
}

function padded(time: string): string {
  const [whole = "", fraction = ""] = time.replace(/Z$/u, "").split(".");
  return `${whole}.${fraction.padEnd(9, "0")}`;
}

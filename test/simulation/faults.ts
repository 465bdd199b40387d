import type { Random } from "./random.ts";

/** What a request may meet on its way. */
const requestFaults = [
  "refused",
  "throttled",
  "failed",
  "conflict",
  "answer-lost",
  "late",
  "hanging",
] as const;
/** How a watch may end, before the server ends it. */
const watchEnds = ["watch-cut", "watch-silent", "watch-expired"] as const;

/** What may go wrong. Each can be left out, to see which of them a failure needs. */
export const faultKinds = [
  ...requestFaults,
  ...watchEnds,
  "watch-delayed",
  "watch-repeated",
  "git-unreachable",
  "git-slow",
  "render-slow",
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type RequestFault = (typeof requestFaults)[number];
export type WatchEnd = (typeof watchEnds)[number];

/** What a watch meets. */
interface WatchFault {
  /** How it ends, before the server ends it. */
  readonly end: WatchEnd | undefined;
  /** After how long. */
  readonly afterMs: number;
  /** How long its events take at most. */
  readonly delayMs: number;
  /** The probability that an event comes twice. */
  readonly repeats: number;
}

export interface FaultSettings {
  readonly random: Random;
  readonly without: ReadonlySet<FaultKind>;
}

/** Decides, for everything that happens, whether it goes wrong. */
export interface Faults {
  /** Nothing goes wrong any more. */
  end(): void;
  /** True once nothing does. */
  isOver(): boolean;
  forRequest(): RequestFault | undefined;
  forWatch(): WatchFault;
  /** How much longer an event takes, in milliseconds. */
  delayMs(most: number): number;
  /** True for an event that comes twice. */
  repeats(probability: number): boolean;
  /** How long an answer takes when nothing is wrong, in milliseconds. */
  latencyMs(): number;
  forGit(): { readonly fails: boolean; readonly takesMs: number };
  renderMs(): number;
}

const calm: WatchFault = { end: undefined, afterMs: 0, delayMs: 0, repeats: 0 };

/** The same numbers are drawn whatever is left out, so that leaving one out changes nothing about the others. */
export function createFaults({ random, without }: FaultSettings): Faults {
  let isOver = false;
  // Some worlds are almost calm and some are storms: what only shows in one of them shows.
  const [requests, watches, git] = [0, 0, 0].map(() => random.pick([0, 0.01, 0.03, 0.1, 0.25])) as [
    number,
    number,
    number,
  ];
  const meets = <K extends FaultKind>(kind: K): K | undefined =>
    isOver || without.has(kind) ? undefined : kind;
  return {
    end: () => {
      isOver = true;
    },
    isOver: () => isOver,
    forRequest: () => {
      const [kind, hit] = [random.pick(requestFaults), random.chance(requests)];
      return hit ? meets(kind) : undefined;
    },
    forWatch: () => {
      const [kind, hit] = [random.pick(watchEnds), random.chance(Math.min(1, watches * 3))];
      const [afterMs, delayMs] = [random.between(0, 120_000), random.pick([50, 1_000, 20_000])];
      const [isDelayed, repeats] = [random.chance(watches), random.chance(watches) ? 0.3 : 0];
      if (isOver) return calm;
      return {
        end: hit ? meets(kind) : undefined,
        afterMs,
        delayMs: isDelayed && meets("watch-delayed") !== undefined ? delayMs : 0,
        repeats: meets("watch-repeated") === undefined ? 0 : repeats,
      };
    },
    delayMs: (most) => random.int(most + 1),
    repeats: (probability) => random.chance(probability),
    latencyMs: () => {
      const [ms, slowMs, isSlow] = [random.between(1, 15), random.between(200, 3_000), random.chance(0.01)];
      return isSlow && !isOver ? slowMs : ms;
    },
    forGit: () => {
      const [fails, isSlow, slowMs] = [random.chance(git), random.chance(git), random.between(1_000, 40_000)];
      return {
        fails: fails && meets("git-unreachable") !== undefined,
        takesMs: isSlow && meets("git-slow") !== undefined ? slowMs : random.between(20, 200),
      };
    },
    renderMs: () => {
      const [ms, slowMs, isSlow] = [random.between(2, 20), random.between(500, 30_000), random.chance(git)];
      return isSlow && meets("render-slow") !== undefined ? slowMs : ms;
    },
  };
}

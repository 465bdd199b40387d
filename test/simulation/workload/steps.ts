import type { Random } from "../random.ts";
import type { ActName } from "./acts/index.ts";
import { actNames } from "./acts/index.ts";

/** One thing that somebody does, or that happens to a machine. */
export interface Step {
  readonly number: number;
  /** After the beginning. */
  readonly atMs: number;
  readonly act: ActName;
}

/** How often each act is done, against the others. */
const weights: Readonly<Record<ActName, number>> = {
  commit: 12,
  "break-files": 1,
  "empty-files": 1,
  "edit-live": 5,
  "remove-live": 3,
  "plant-foreign": 2,
  "copy-tracking": 2,
  sync: 4,
  "sync-old": 1,
  approve: 8,
  revoke: 1,
  terminate: 1,
  refresh: 2,
  "change-app": 2,
  "remove-app": 1,
  "create-app": 2,
  "close-project": 1,
  kill: 2,
  "kill-at-write": 4,
  "second-controller": 1,
  "jump-clock": 1,
  "cut-off": 1,
};

const bag: readonly ActName[] = actNames.flatMap((act) => Array.from({ length: weights[act] }, () => act));

/** Steps in the order of time. What each does follows from its number alone, not from the others. */
export function drawSteps(random: Random, count: number, withinMs: number): readonly Step[] {
  return Array.from({ length: count }, (_, number) => {
    const drawn = random.fork(`step ${number}`);
    return { number, atMs: drawn.int(withinMs), act: drawn.pick(bag) };
  }).toSorted((a, b) => a.atMs - b.atMs);
}

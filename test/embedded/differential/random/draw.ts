/** What a seed decides. */
export interface Draw {
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A whole number below `limit`. */
  below(limit: number): number;
}

/** The same draws for the same numbers. */
export function drawFrom(random: () => number): Draw {
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    chance: (probability) => random() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error("there is nothing to pick from");
      return list[below(list.length)] as (typeof list)[number];
    },
  };
}

/** Numbers that follow from a seed alone. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `end`. */
  int(end: number): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Throws for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** Other numbers, which do not depend on how many were drawn here. */
  fork(name: string): Random;
}

export function createRandom(seed: string): Random {
  const next = sfc32(seed);
  const int = (end: number): number => Math.floor(next() * end);
  return {
    next,
    int,
    between: (from, to) => from + int(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error("there is nothing to pick from");
      return item;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

/** Chris Doty-Humphrey's Small Fast Counting generator, as PractRand has it, seeded by a hash of the text. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = hashes(seed);
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) step();
  return step;
}

/** FNV-1a of the text with four different ends. */
function hashes(text: string): [number, number, number, number] {
  const hash = (end: number): number => {
    let value = 0x811c9dc5;
    for (const char of `${text}${String.fromCharCode(end)}`) {
      value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
    }
    return value;
  };
  return [hash(1), hash(2), hash(3), 1];
}

const wordBits = 32;

/** A set of small whole numbers from 0, in a bit each. */
export class NumberSet {
  #words = new Uint32Array(2);

  add(number: number): void {
    const word = Math.floor(number / wordBits);
    if (word >= this.#words.length) {
      const grown = new Uint32Array(Math.max(word + 1, 2 * this.#words.length));
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[word] = (this.#words[word] ?? 0) | bitOf(number);
  }

  has(number: number): boolean {
    return ((this.#words[Math.floor(number / wordBits)] ?? 0) & bitOf(number)) !== 0;
  }

  /** Whether it was there. */
  delete(number: number): boolean {
    const isThere = this.has(number);
    const word = Math.floor(number / wordBits);
    if (isThere) this.#words[word] = (this.#words[word] ?? 0) & ~bitOf(number);
    return isThere;
  }

  /** Takes out one after the other, from the lowest; of what is added meanwhile, what is lower stays, so that it comes to an end. */
  *takeAll(): Iterable<number> {
    for (let word = 0; word < this.#words.length; word += 1) {
      let bits = this.#words[word] ?? 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        const number = word * wordBits + (31 - Math.clz32(lowest));
        this.delete(number);
        yield number;
        bits = (this.#words[word] ?? 0) & -(lowest << 1);
      }
    }
  }
}

function bitOf(number: number): number {
  return 1 << (number % wordBits);
}

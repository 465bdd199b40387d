/** Addresses of an IPv4 network with two bytes to give: the lowest that is free behind the last one. */
export class AddressPool {
  readonly #prefix: string;
  readonly #used = new Set<string>();
  #last = 0;

  /** `prefix` are the first two bytes: `10.101`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** An address of its own, until it is given back. */
  take(): string {
    for (let tries = 0; tries < size; tries += 1) {
      this.#last = (this.#last % size) + 1;
      const address = `${this.#prefix}.${this.#last >> 8}.${this.#last & 255}`;
      if (!this.#used.has(address)) return this.keep(address);
    }
    throw new Error(`no address is left in ${this.#prefix}.0.0/16`);
  }

  /** Takes one that somebody has already. */
  keep(address: string): string {
    this.#used.add(address);
    return address;
  }

  release(address: string): void {
    this.#used.delete(address);
  }
}

const size = 65_534;

import { Semaphore } from "#runtime/semaphore.ts";

/** At most so many requests to one host at a time: one that answers slowly holds up only those who want something of it. */
export class HostLanes {
  readonly #lanes = new Map<string, { readonly semaphore: Semaphore; users: number }>();
  readonly #perHost: number;

  constructor(perHost: number) {
    this.#perHost = perHost;
  }

  async run<T>(host: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const lane = this.#lanes.get(host) ?? { semaphore: new Semaphore(this.#perHost), users: 0 };
    this.#lanes.set(host, lane);
    lane.users += 1;
    try {
      return await lane.semaphore.run(work, signal);
    } finally {
      lane.users -= 1;
      if (lane.users === 0) this.#lanes.delete(host);
    }
  }
}

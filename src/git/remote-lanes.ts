import { abortErrorOf, throwIfAborted } from "#runtime/abort.ts";

export interface LaneRequest {
  /** The repository that it is for. */
  readonly identity: string;
  readonly host: string;
  readonly kind: "list" | "fetch";
}

interface Waiting {
  readonly request: LaneRequest;
  readonly start: () => void;
}

/**
 * How many operations may talk to remote repositories at once, and whose turn it is. One host gets at most half of the places
 * and fetches leave room for listings. A repository that did not answer last time waits in a narrow lane of its own, so that a
 * hundred dead repositories hold up each other and nobody else.
 */
export class RemoteLanes {
  readonly #total: number;
  readonly #perHost: number;
  readonly #fetches: number;
  readonly #suspects: number;
  readonly #running = new Set<LaneRequest>();
  readonly #suspected = new Set<string>();
  #queue: Waiting[] = [];

  constructor(concurrency: number) {
    this.#total = concurrency;
    this.#perHost = Math.max(1, Math.ceil(concurrency / 2));
    this.#fetches = Math.max(1, Math.ceil((concurrency * 3) / 4));
    this.#suspects = Math.max(1, Math.floor(concurrency / 4));
  }

  /** Remembers whether a repository answered. */
  report(identity: string, answered: boolean): void {
    if (answered) this.#suspected.delete(identity);
    else this.#suspected.add(identity);
  }

  /** Waits for a place; dispose it to leave. Rejects with AbortError. */
  async enter(request: LaneRequest, signal: AbortSignal): Promise<Disposable> {
    throwIfAborted(signal);
    const turn = Promise.withResolvers<void>();
    const waiting: Waiting = { request, start: turn.resolve };
    const onAbort = () => {
      if (!this.#queue.includes(waiting)) return;
      this.#queue = this.#queue.filter((other) => other !== waiting);
      turn.reject(abortErrorOf(signal));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#queue.push(waiting);
    this.#startNext();
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    return { [Symbol.dispose]: () => this.#leave(request) };
  }

  #leave(request: LaneRequest): void {
    this.#running.delete(request);
    this.#startNext();
  }

  #startNext(): void {
    const stay: Waiting[] = [];
    for (const waiting of this.#queue) {
      if (this.#mayStart(waiting.request)) {
        this.#running.add(waiting.request);
        waiting.start();
      } else {
        stay.push(waiting);
      }
    }
    this.#queue = stay;
  }

  #mayStart({ identity, host, kind }: LaneRequest): boolean {
    const count = (matches: (other: LaneRequest) => boolean) =>
      this.#running.values().filter(matches).toArray().length;
    return (
      this.#running.size < this.#total &&
      count((other) => other.host === host) < this.#perHost &&
      (kind === "list" || count((other) => other.kind === "fetch") < this.#fetches) &&
      (!this.#suspected.has(identity) ||
        count((other) => this.#suspected.has(other.identity)) < this.#suspects)
    );
  }
}

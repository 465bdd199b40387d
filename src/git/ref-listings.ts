import { isAbortError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { RemoteRefs } from "./refs.ts";
import { SharedWork } from "./shared-work.ts";

/** Asks the repository once; calls `onStart` when the question is really sent. */
export type ListRefs = (signal: AbortSignal, onStart: () => void) => Promise<RemoteRefs>;

/** When a question was sent; later callers that want a fresh answer need a later question. */
interface Sent {
  atMs: number | undefined;
}

interface Running {
  readonly work: SharedWork<RemoteRefs>;
  readonly sent: Sent;
}

interface Listing {
  answer?: { readonly refs: RemoteRefs; readonly askedMs: number };
  failure?: { readonly error: unknown; readonly atMs: number };
  running?: Running;
  next?: SharedWork<RemoteRefs>;
}

export interface ListRequest {
  /** Names the repository and the credentials. */
  readonly key: string;
  readonly maxAgeMs: number;
  readonly list: ListRefs;
  readonly signal: AbortSignal;
}

const maxListings = 10_000;

/**
 * What each repository has, asked once whatever the number of callers: calls during a question share it, its answer serves
 * whoever accepts its age, and a failure answers for a short time so that a thousand applications do not ask a dead host a
 * thousand times.
 */
export class RefListings {
  readonly #listings = new Map<string, Listing>();
  readonly #clock: Clock;
  readonly #failureMemoryMs: number;
  readonly #signal: AbortSignal;

  constructor(options: {
    readonly clock: Clock;
    readonly failureMemoryMs: number;
    readonly signal: AbortSignal;
  }) {
    this.#clock = options.clock;
    this.#failureMemoryMs = options.failureMemoryMs;
    this.#signal = options.signal;
  }

  /** The newest answer of any age. */
  known(key: string): RemoteRefs | undefined {
    return this.#listings.get(key)?.answer?.refs;
  }

  /** Forgets a failure, for callers that want to know whether it still is so. */
  forgetFailure(key: string): void {
    delete this.#listings.get(key)?.failure;
  }

  async list(request: ListRequest): Promise<RemoteRefs> {
    const listing = this.#listing(request.key);
    const { answer } = listing;
    if (answer !== undefined && request.maxAgeMs > 0) {
      if (this.#clock.now() - answer.askedMs <= request.maxAgeMs) return answer.refs;
    }
    this.#throwRecentFailure(listing);
    return await this.#join(listing, request).join(request.signal);
  }

  #throwRecentFailure({ failure }: Listing): void {
    if (failure === undefined || this.#clock.now() - failure.atMs >= this.#failureMemoryMs) return;
    throw failure.error;
  }

  #join(listing: Listing, request: ListRequest): SharedWork<RemoteRefs> {
    const { running, next } = listing;
    if (running === undefined || running.work.cancelled) return this.#start(listing, request.list);
    if (running.sent.atMs === undefined || request.maxAgeMs > 0) return running.work;
    if (next !== undefined && !next.cancelled) return next;
    // The question under way was sent before this caller came; what changed since needs another one, shared again.
    listing.next = new SharedWork(async (signal) => {
      await running.work.join(signal).catch(() => undefined);
      delete listing.next;
      this.#throwRecentFailure(listing);
      return await this.#start(listing, request.list).join(signal);
    }, this.#signal);
    return listing.next;
  }

  #start(listing: Listing, list: ListRefs): SharedWork<RemoteRefs> {
    const sent: Sent = { atMs: undefined };
    const onStart = () => {
      sent.atMs = this.#clock.now();
    };
    const ask = async (signal: AbortSignal) => {
      try {
        const refs = await list(signal, onStart);
        listing.answer = { refs, askedMs: sent.atMs ?? this.#clock.now() };
        delete listing.failure;
        return refs;
      } catch (error) {
        if (!isAbortError(error)) listing.failure = { error, atMs: this.#clock.now() };
        throw error;
      } finally {
        if (listing.running?.sent === sent) delete listing.running;
      }
    };
    const work = new SharedWork(ask, this.#signal);
    listing.running = { work, sent };
    return work;
  }

  #listing(key: string): Listing {
    const found = this.#listings.get(key) ?? {};
    this.#listings.delete(key);
    this.#listings.set(key, found);
    for (const [oldest, listing] of this.#listings) {
      if (this.#listings.size <= maxListings) break;
      if (listing.running === undefined && listing.next === undefined) this.#listings.delete(oldest);
    }
    return found;
  }
}

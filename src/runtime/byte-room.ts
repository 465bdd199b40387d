import { MooringError } from "#core/errors/index.ts";
import { abortErrorOf, throwIfAborted } from "./abort.ts";
import type { Clock } from "./clock.ts";

export interface ByteRoomOptions {
  /** What is held, for messages. */
  readonly what: string;
  /** Of everything that is held at the same time. */
  readonly maxBytes: number;
  /** So many places one user may have; as many as there are unless told. */
  readonly maxPerUser?: number;
  /** For so long somebody waits for a place. */
  readonly waitMs: number;
  readonly clock: Pick<Clock, "after">;
}

/** Room that is taken until it is disposed of. */
export interface TakenRoom extends Disposable {
  /** It has become clear that it takes no more than this. */
  readonly shrink: (bytes: number) => void;
}

interface Asked {
  readonly bytes: number;
  /** Whose it is; empty for nobody's in particular. */
  readonly user?: string;
  readonly signal: AbortSignal;
}

/** What is small takes room, too: so many requests at the most are inside. */
const leastBytes = 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly user: string;
  readonly admit: () => void;
}

/** Bounds the memory that requests hold together. Who came first enters first, but for users who have all places that one may have. */
export class ByteRoom {
  readonly #options: ByteRoomOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #places = new Map<string, number>();
  #held = 0;

  constructor(options: ByteRoomOptions) {
    this.#options = options;
  }

  /** Waits until there is room for so many bytes. Throws API_THROTTLED after `waitMs`, and AbortError. */
  async enter({ bytes: asked, user = "", signal }: Asked): Promise<TakenRoom> {
    throwIfAborted(signal);
    const { maxBytes, waitMs, clock } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const bytes = Math.min(maxBytes, Math.max(asked, leastBytes));
    const one: Waiting = { bytes, user, admit: resolve };
    /** Who was admitted meanwhile keeps the place, and sees the signal itself. */
    const leave = (error: Error): void => {
      if (!this.#waiting.delete(one)) return;
      reject(error);
      this.#admit();
    };
    const onAbort = (): void => leave(abortErrorOf(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    using _late = clock.after(waitMs, () => leave(throttled(this.#options)));
    try {
      this.#waiting.add(one);
      this.#admit();
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    return this.#taken(bytes, user);
  }

  #admit(): void {
    const { maxBytes, maxPerUser = Number.POSITIVE_INFINITY } = this.#options;
    for (const one of this.#waiting) {
      if (one.user !== "" && (this.#places.get(one.user) ?? 0) >= maxPerUser) continue;
      if (this.#held + one.bytes > maxBytes) return;
      this.#waiting.delete(one);
      this.#held += one.bytes;
      this.#countPlace(one.user, 1);
      one.admit();
    }
  }

  #countPlace(user: string, change: 1 | -1): void {
    const count = (this.#places.get(user) ?? 0) + change;
    if (count === 0) this.#places.delete(user);
    else this.#places.set(user, count);
  }

  #taken(bytes: number, user: string): TakenRoom {
    let own = bytes;
    let isOver = false;
    const hold = (next: number): void => {
      this.#held += next - own;
      own = next;
      this.#admit();
    };
    return {
      shrink: (next) => {
        if (!isOver) hold(Math.min(own, Math.max(next, leastBytes)));
      },
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#countPlace(user, -1);
        hold(0);
      },
    };
  }
}

function throttled({ what, waitMs }: ByteRoomOptions): MooringError {
  return new MooringError(
    "API_THROTTLED",
    `${what}: others sent so much at the same time that there was no room within ${waitMs / 1_000} s; send it again in a moment`,
    { retryAfterMs: waitMs },
  );
}

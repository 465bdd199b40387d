import { Worker } from "node:worker_threads";
import { MooringError } from "#core/errors/index.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import type { PasswordAnswer, PasswordJob } from "./password-job.ts";

/** Who is known to have logged in before goes first. */
export type Lane = "known" | "other";

interface VerifyOptions {
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** Compares and hashes passwords. */
export interface Passwords extends AsyncDisposable {
  /**
   * Whether a password is the account's. Without a hash it takes as long and is false, so that nobody learns which accounts there
   * are. Throws API_THROTTLED when too many wait in the lane.
   */
  verify(password: string, hash: string | undefined, options: VerifyOptions): Promise<boolean>;
  hash(password: string, signal: AbortSignal): Promise<string>;
}

export interface PasswordsOptions {
  /** How many may wait in each lane. */
  readonly maxWaiting?: number;
}

const defaultMaxWaiting = 50;
/** Of a password that nobody knows, at the cost of those that are stored. */
const nobodysHash = "$2b$10$9fiQXCOVL/FMNp8/6x50w.koHOisYvfJLMJ2SCtJSkRUv2VYr4i26";

/**
 * Passwords are compared in one thread, one after the other: bcrypt is made to be slow, and neither the requests of others nor the
 * controller may pay for it, however many try to log in.
 */
export function startPasswords({ maxWaiting = defaultMaxWaiting }: PasswordsOptions = {}): Passwords {
  const thread = new PasswordThread();
  const turn = new Semaphore(1);
  const waiting: Record<Lane, number> = { known: 0, other: 0 };

  const run = async (job: PasswordJob, { lane, signal }: VerifyOptions): Promise<PasswordAnswer> => {
    if (waiting[lane] >= maxWaiting) {
      throw new MooringError("API_THROTTLED", "too many people log in at once; try again in some seconds", {
        retryAfterMs: 5_000,
      });
    }
    waiting[lane] += 1;
    const work = async () => await thread.ask(job);
    try {
      return lane === "known" ? await turn.continue(work, signal) : await turn.run(work, signal);
    } finally {
      waiting[lane] -= 1;
    }
  };
  return {
    verify: async (password, hash, options) => {
      const answer = await run({ password, hash: hash ?? nobodysHash }, options);
      return hash !== undefined && "matches" in answer && answer.matches;
    },
    hash: async (password, signal) => {
      const answer = await run({ password, hash: undefined }, { lane: "known", signal });
      if ("hash" in answer) return answer.hash;
      throw new MooringError("INTERNAL", "the password thread gave no hash");
    },
    [Symbol.asyncDispose]: async () => await thread.end(),
  };
}

/** The thread, begun when it is needed and anew after it crashed. It is asked one thing at a time. */
class PasswordThread {
  #worker: Worker | undefined;

  async ask(job: PasswordJob): Promise<PasswordAnswer> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<PasswordAnswer>();
    const ended = () => reject(new MooringError("INTERNAL", "the password thread ended"));
    worker.once("message", resolve).once("error", reject).once("exit", ended);
    try {
      worker.postMessage(job);
      return await promise;
    } finally {
      worker.off("message", resolve).off("error", reject).off("exit", ended);
    }
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./thread.ts", import.meta.url));
    worker.unref();
    // An error is followed by the exit, which is what counts.
    worker.on("error", () => undefined);
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}

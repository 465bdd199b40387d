import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { addressPrefix } from "../auth/throttle/address-prefix.ts";
import type { BudgetOptions } from "../auth/throttle/failure-budget.ts";
import { FailureBudget } from "../auth/throttle/failure-budget.ts";

const minuteMs = 60_000;
/** Events a minute that prove nothing. */
const unprovenPerAddress = 120;
const unprovenInAll = 600;
/** Events a minute that prove that they are a forge's. */
const provenInAll = 6_000;
const maxAddresses = 10_000;
/** Requests whose bodies are on their way, in all and from one address. */
const maxAtOnce = 100;
const maxAtOncePerAddress = 20;

/** One request that was let in; dispose it when its body is not needed any more. */
export interface AdmittedWebhook extends Disposable {
  /** Told how much of the body has come. Throws API_THROTTLED when too much is held for all. */
  readonly hold: (bytes: number) => void;
  /** It proved that it is a forge's, so it does not count among those that do not. Throws API_THROTTLED. */
  readonly proven: () => void;
}

/** How many events are taken, by address and in all, and how much of them is held at a time: before anything of them is read. */
export class WebhookLimits {
  readonly #byAddress: FailureBudget;
  readonly #inAll: FailureBudget;
  readonly #proven: FailureBudget;
  readonly #atOnceBy = new Map<string, number>();
  #atOnce = 0;
  #heldBytes = 0;

  constructor(clock: Pick<Clock, "now">) {
    const budget = (limit: number, options: Partial<BudgetOptions> = {}) =>
      new FailureBudget({ limit, windowMs: minuteMs, maxKeys: 1, clock, ...options });
    this.#byAddress = budget(unprovenPerAddress, { maxKeys: maxAddresses });
    this.#inAll = budget(unprovenInAll);
    this.#proven = budget(provenInAll);
  }

  /** Throws API_THROTTLED. `address` is undefined behind a proxy: all that come by proxies share what is there for all. */
  admit(address: string | undefined, maxHeldBytes: number): AdmittedWebhook {
    const key = address === undefined ? undefined : addressPrefix(address);
    const ofAddress = key === undefined ? 0 : (this.#atOnceBy.get(key) ?? 0);
    if (this.#atOnce >= maxAtOnce || ofAddress >= maxAtOncePerAddress)
      throw throttled("so many are sent at the same time", 1_000);
    this.#take(key);
    this.#countAtOnce(key, 1);
    let held = 0;
    return {
      hold: (bytes) => {
        held += bytes;
        this.#heldBytes += bytes;
        if (this.#heldBytes > maxHeldBytes) throw throttled("so much is sent at the same time", 1_000);
      },
      proven: () => {
        if (key !== undefined) this.#byAddress.giveBack(key);
        this.#inAll.giveBack("");
        if (this.#proven.take("") === "spent") throw tooMany(this.#proven.waitMs(""));
      },
      [Symbol.dispose]: () => {
        this.#countAtOnce(key, -1);
        this.#heldBytes -= held;
      },
    };
  }

  #countAtOnce(key: string | undefined, change: 1 | -1): void {
    this.#atOnce += change;
    if (key === undefined) return;
    const count = (this.#atOnceBy.get(key) ?? 0) + change;
    if (count === 0) this.#atOnceBy.delete(key);
    else this.#atOnceBy.set(key, count);
  }

  #take(key: string | undefined): void {
    if (key !== undefined && this.#byAddress.take(key) === "spent")
      throw tooMany(this.#byAddress.waitMs(key));
    if (this.#inAll.take("") !== "spent") return;
    if (key !== undefined) this.#byAddress.giveBack(key);
    throw tooMany(this.#inAll.waitMs(""));
  }
}

function tooMany(waitMs: number): MooringError {
  return throttled("too many came within a minute", waitMs);
}

function throttled(reason: string, retryAfterMs: number): MooringError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return new MooringError(
    "API_THROTTLED",
    `webhook: ${reason}; send it again after ${seconds} s, and set secrets so that yours are told from others'`,
    { retryAfterMs },
  );
}

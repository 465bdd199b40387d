import { MooringError } from "#core/errors/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { Clock } from "#runtime/clock.ts";
import { addressPrefix } from "../auth/throttle/address-prefix.ts";
import { FailureBudget } from "../auth/throttle/failure-budget.ts";

const minuteMs = 60_000;
/** Events a minute of senders without a secret, who need not prove anything. */
const openPerAddress = 120;
const openInAll = 600;
/** Events a minute whose proof is missing or wrong. */
const wrongPerAddress = 120;
const wrongInAll = 600;
/** Events a minute that prove that they are a forge's, and wrong ones of an address that has sent such: others may share it. */
const provenInAll = 6_000;
const maxAddresses = 10_000;
/** So many addresses are remembered that have proven themselves. */
const maxForges = 1_000;
/** Requests whose bodies are on their way, of each of three kinds, and from one address of a kind. */
const maxAtOnce = 100;
const maxAtOncePerAddress = 20;

/** One request that was let in; dispose it when its body is not needed any more. */
export interface AdmittedWebhook extends Disposable {
  /** Told how much of the body has come. Throws API_THROTTLED when too much is held for all. */
  readonly hold: (bytes: number) => void;
}

/** What is on its way at the same time. */
interface Places {
  readonly ofAddress: Map<string, number>;
  atOnce: number;
  heldBytes: number;
}

const noPlaces = (): Places => ({ ofAddress: new Map(), atOnce: 0, heldBytes: 0 });

/**
 * How many events are taken, by address and in all, and how much of them is held at a time: before anything of them is read. What needs no
 * proof, what has given a wrong one, and what comes from where a right one came from have budgets and places of their own, so that none of
 * them uses up another's.
 */
export class WebhookLimits {
  readonly #openBy: FailureBudget;
  readonly #openInAll: FailureBudget;
  readonly #wrongBy: FailureBudget;
  readonly #wrongInAll: FailureBudget;
  readonly #wrongOfForges: FailureBudget;
  readonly #proven: FailureBudget;
  readonly #forges = new BoundedMap<true>(maxForges);
  readonly #places = { open: noPlaces(), claimed: noPlaces(), forges: noPlaces() };

  constructor(clock: Pick<Clock, "now">) {
    const budget = (limit: number, maxKeys = 1) =>
      new FailureBudget({ limit, windowMs: minuteMs, maxKeys, clock });
    this.#openBy = budget(openPerAddress, maxAddresses);
    this.#openInAll = budget(openInAll);
    this.#wrongBy = budget(wrongPerAddress, maxAddresses);
    this.#wrongInAll = budget(wrongInAll);
    this.#wrongOfForges = budget(provenInAll, maxForges);
    this.#proven = budget(provenInAll);
  }

  /** An event that needs no proof. Throws API_THROTTLED. `address` is undefined where it is not known: then it counts among all only. */
  admitOpen(address: string | undefined, maxHeldBytes: number): AdmittedWebhook {
    const key = keyOf(address);
    const admitted = enter(this.#places.open, key, maxHeldBytes);
    try {
      takeBoth(key, this.#openBy, this.#openInAll);
      return admitted;
    } catch (error) {
      admitted[Symbol.dispose]();
      throw error;
    }
  }

  /** An event that says it proves itself, and may be looked at to see whether it does. Throws API_THROTTLED where too many did not. */
  admitClaimed(address: string | undefined, maxHeldBytes: number): AdmittedWebhook {
    const key = keyOf(address);
    this.assertMayClaim(address);
    return enter(this.#isForge(key) ? this.#places.forges : this.#places.claimed, key, maxHeldBytes);
  }

  /** Throws API_THROTTLED where too many proofs were wrong. */
  assertMayClaim(address: string | undefined): void {
    const key = keyOf(address);
    const waits = this.#isForge(key)
      ? [this.#wrongOfForges.waitMs(key ?? "")]
      : [key === undefined ? 0 : this.#wrongBy.waitMs(key), this.#wrongInAll.waitMs("")];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw tooMany(waitMs);
  }

  /** The proof was missing or wrong. */
  wrong(address: string | undefined): void {
    const key = keyOf(address);
    if (this.#isForge(key)) {
      this.#wrongOfForges.spend(key ?? "");
      return;
    }
    if (key !== undefined) this.#wrongBy.spend(key);
    this.#wrongInAll.spend("");
  }

  /** The proof was right. Throws API_THROTTLED. */
  proven(address: string | undefined): void {
    const key = keyOf(address);
    if (key !== undefined) this.#forges.set(key, true, 1);
    if (this.#proven.spend("") === "spent") throw tooMany(this.#proven.waitMs(""));
  }

  #isForge(key: string | undefined): boolean {
    return key !== undefined && this.#forges.get(key) === true;
  }
}

function keyOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : addressPrefix(address);
}

function enter(places: Places, key: string | undefined, maxHeldBytes: number): AdmittedWebhook {
  const ofAddress = key === undefined ? 0 : (places.ofAddress.get(key) ?? 0);
  if (places.atOnce >= maxAtOnce || ofAddress >= maxAtOncePerAddress)
    throw throttled("so many are sent at the same time", 1_000);
  countAtOnce(places, key, 1);
  let held = 0;
  return {
    hold: (bytes) => {
      held += bytes;
      places.heldBytes += bytes;
      if (places.heldBytes > maxHeldBytes) throw throttled("so much is sent at the same time", 1_000);
    },
    [Symbol.dispose]: () => {
      countAtOnce(places, key, -1);
      places.heldBytes -= held;
    },
  };
}

function countAtOnce(places: Places, key: string | undefined, change: 1 | -1): void {
  places.atOnce += change;
  if (key === undefined) return;
  const count = (places.ofAddress.get(key) ?? 0) + change;
  if (count === 0) places.ofAddress.delete(key);
  else places.ofAddress.set(key, count);
}

function takeBoth(key: string | undefined, byAddress: FailureBudget, inAll: FailureBudget): void {
  const taken = key === undefined ? "uncounted" : byAddress.take(key);
  if (key !== undefined && taken !== "taken" && taken !== "uncounted") throw tooMany(byAddress.waitMs(key));
  const isSpent = inAll.spend("") === "spent";
  if (key !== undefined && taken === "taken") {
    if (isSpent) byAddress.giveBack(key);
    else byAddress.fail(key);
  }
  if (isSpent) throw tooMany(inAll.waitMs(""));
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

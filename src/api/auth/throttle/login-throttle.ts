import { createHmac, randomBytes } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Lane } from "../passwords/passwords.ts";
import { addressPrefix } from "./address-prefix.ts";
import type { BudgetOptions } from "./failure-budget.ts";
import { FailureBudget } from "./failure-budget.ts";

/** Somebody who wants to log in with a password. */
export interface LoginAttempt {
  readonly username: string;
  /** There is such an account. */
  readonly isKnown: boolean;
  /** Where the request comes from; undefined when it cannot be told, such as behind a proxy that does not say it. */
  readonly address: string | undefined;
  /** The id of a device that has logged in to this account before, proved by its cookie. */
  readonly deviceId: string | undefined;
}

/** An attempt that may be made. One of the two must be called when it is known how it ended. */
export interface Admission {
  readonly lane: Lane;
  /** It was the right password. */
  readonly succeeded: () => void;
  /** Nobody knows: it was never compared. */
  readonly withdrawn: () => void;
}

interface Counted {
  readonly budget: FailureBudget;
  readonly key: string;
}

const minute = 60_000;
/** As many wrong passwords as Argo CD takes, for one account from one place. */
const ofPair = { limit: 5, windowMs: 5 * minute, maxKeys: 1_000 };
const ofDevice = { limit: 10, windowMs: 5 * minute, maxKeys: 1_000 };
/** For all accounts from one place, so that one password cannot be tried on each. */
const ofPlace = { limit: 20, windowMs: 5 * minute, maxKeys: 20_000 };
/** For one account from all places that it was never logged in from; there is place for every account. */
const ofAccount = { limit: 30, windowMs: 5 * minute, maxKeys: Number.POSITIVE_INFINITY };
const ofUnknown = { ...ofPair, maxKeys: 10_000 };

/** How many places an account is remembered to have been logged in from, and a budget that has room for all of them. */
const maxKnownPlaces = 256;
const ofHome = { ...ofPair, maxKeys: 2 * maxKnownPlaces };
/** Names that are no accounts share these keys. */
const unknownBuckets = 1_024;

/**
 * How many wrong passwords may be tried. Three things must hold whatever anybody sends:
 * - what is counted is never pushed out (FailureBudget), and the memory for it is bounded;
 * - a device that has logged in before has a budget of its own, so that nobody else can use it up;
 * - an account takes a bounded number of guesses from all the world together.
 * Counts are in this process: several replicas take as many times more guesses.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, "now">;
  readonly #pairs = new Map<string, FailureBudget>();
  readonly #homes = new Map<string, FailureBudget>();
  readonly #devices = new Map<string, FailureBudget>();
  readonly #unknown: FailureBudget;
  readonly #places: FailureBudget;
  readonly #accounts: FailureBudget;
  /** By account: where it was logged in from, the latest last. Only who has the password adds to it. */
  readonly #knownPlaces = new Map<string, Set<string>>();
  readonly #key = randomBytes(32);

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#unknown = this.#budget(ofUnknown);
    this.#places = this.#budget(ofPlace);
    this.#accounts = this.#budget(ofAccount);
  }

  /** Keys that are counted now. */
  get size(): number {
    const byAccount = [this.#pairs, this.#homes, this.#devices].flatMap((budgets) => [...budgets.values()]);
    const all = [...byAccount, this.#unknown, this.#places, this.#accounts];
    return all.reduce((sum, { size }) => sum + size, 0);
  }

  /** Throws API_THROTTLED, and counts nothing then. */
  admit(attempt: LoginAttempt): Admission {
    if (attempt.isKnown && attempt.deviceId !== undefined) {
      const budget = this.#own(this.#devices, attempt.username, ofDevice);
      const taken = budget.take(attempt.deviceId);
      if (taken === "spent") throw throttled(budget.waitMs(attempt.deviceId));
      if (taken === "taken") return this.#admission(attempt, "known", [{ budget, key: attempt.deviceId }]);
    }
    return this.#admission(attempt, "other", this.#takeAll(attempt));
  }

  /** Forgets accounts that are no more; these are all there are. */
  keepAccounts(accounts: Pick<ReadonlyMap<string, unknown>, "has" | "size">): void {
    for (const byAccount of [this.#pairs, this.#homes, this.#devices, this.#knownPlaces]) {
      if (byAccount.size <= accounts.size) continue;
      for (const name of byAccount.keys()) if (!accounts.has(name)) byAccount.delete(name);
    }
  }

  #takeAll(attempt: LoginAttempt): readonly Counted[] {
    const taken: Counted[] = [];
    const take = (budget: FailureBudget, key: string): boolean => {
      const result = budget.take(key);
      if (result === "spent") {
        for (const each of taken) each.budget.giveBack(each.key);
        throw throttled(budget.waitMs(key));
      }
      if (result === "taken") taken.push({ budget, key });
      return result === "taken";
    };
    const place = attempt.address === undefined ? undefined : addressPrefix(attempt.address);
    const account = this.#accountKey(attempt);
    const isHome = place !== undefined && this.#knownPlaces.get(attempt.username)?.has(place) === true;
    let isCounted = false;
    if (place !== undefined) {
      isCounted = take(this.#pairBudget(attempt, isHome), `${account} ${place}`);
      take(this.#places, place);
    }
    if (!isHome || !isCounted) take(this.#accounts, account);
    return taken;
  }

  #pairBudget({ username, isKnown }: LoginAttempt, isHome: boolean): FailureBudget {
    if (!isKnown) return this.#unknown;
    return isHome ? this.#own(this.#homes, username, ofHome) : this.#own(this.#pairs, username, ofPair);
  }

  /** Names that are no accounts are as good as accounts to whoever asks, and take no more memory than a fixed number of them. */
  #accountKey({ username, isKnown }: LoginAttempt): string {
    if (isKnown) return `account ${username}`;
    const hash = createHmac("sha256", this.#key).update(username).digest().readUInt32BE(0);
    return `nobody ${hash % unknownBuckets}`;
  }

  #admission(attempt: LoginAttempt, lane: Lane, taken: readonly Counted[]): Admission {
    const withdrawn = () => {
      for (const { budget, key } of taken) budget.giveBack(key);
    };
    return {
      lane,
      withdrawn,
      succeeded: () => {
        withdrawn();
        this.#remember(attempt);
      },
    };
  }

  #remember({ username, address }: LoginAttempt): void {
    const place = address === undefined ? undefined : addressPrefix(address);
    if (place === undefined) return;
    for (const budgets of [this.#pairs, this.#homes])
      budgets.get(username)?.forget(`account ${username} ${place}`);
    const places = this.#knownPlaces.get(username) ?? new Set<string>();
    this.#knownPlaces.set(username, places);
    places.delete(place);
    places.add(place);
    const [oldest] = places;
    if (places.size > maxKnownPlaces && oldest !== undefined) places.delete(oldest);
  }

  #own(budgets: Map<string, FailureBudget>, account: string, options: Omit<BudgetOptions, "clock">) {
    const found = budgets.get(account) ?? this.#budget(options);
    budgets.set(account, found);
    return found;
  }

  #budget(options: Omit<BudgetOptions, "clock">): FailureBudget {
    return new FailureBudget({ ...options, clock: this.#clock });
  }
}

function throttled(waitMs: number): MooringError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new MooringError(
    "API_THROTTLED",
    `too many wrong passwords; try again in ${seconds} s, or use an API token or a device that has logged in before`,
    { retryAfterMs: seconds * 1_000 },
  );
}

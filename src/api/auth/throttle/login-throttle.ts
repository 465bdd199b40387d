import { createHmac, randomBytes } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Lane } from "../passwords/passwords.ts";
import { addressPrefix } from "./address-prefix.ts";
import type { BudgetOptions, Taken } from "./failure-budget.ts";
import { FailureBudget } from "./failure-budget.ts";
import { WaitingRoom } from "./waiting-room.ts";

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

/** An attempt that may be made. One of the three must be called when it is known how it ended; others may wait for it. */
export interface Admission {
  readonly lane: Lane;
  /** It was the right password. */
  readonly succeeded: () => void;
  /** It was a wrong one. */
  readonly failed: () => void;
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
/** Attempts that are not made yet, because those being made would use up a budget if all were wrong; as many as a server can hold. */
const waitingRoom = { maxWaiting: 400, maxWaitingPerKey: 100 };
/** Names that are no accounts share these keys. */
const unknownBuckets = 1_024;

/**
 * How many wrong passwords may be tried. Three things must hold whatever anybody sends:
 * - what is counted is never pushed out (FailureBudget), and the memory for it is bounded;
 * - a device that has logged in before has a budget of its own, so that nobody else can use it up;
 * - an account takes a bounded number of guesses from all the world together.
 * Attempts at the same time are counted as if they were wrong; one that would be too many then waits for how they end, so that nobody
 * is refused for wrong passwords that nobody gave.
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
  /** Who has proved to have logged in before waits where nobody else can take the place. */
  readonly #proven = new WaitingRoom<Admission>(waitingRoom);
  readonly #others = new WaitingRoom<Admission>(waitingRoom);
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

  /** Admits an attempt, when those being made have ended where that matters. Throws API_THROTTLED, and counts nothing then. */
  async admit(attempt: LoginAttempt, signal: AbortSignal): Promise<Admission> {
    const admitted = this.#tryAdmit(attempt);
    if (admitted !== undefined) return admitted;
    const place = placeOf(attempt);
    const device = attempt.isKnown ? attempt.deviceId : undefined;
    const isProven = device !== undefined || this.#isHome(attempt, place);
    const room = isProven ? this.#proven : this.#others;
    return await room.wait(device ?? place ?? "", () => this.#tryAdmit(attempt), signal);
  }

  /** Undefined while it depends on how others end. */
  #tryAdmit(attempt: LoginAttempt): Admission | undefined {
    if (attempt.isKnown && attempt.deviceId !== undefined) {
      const budget = this.#own(this.#devices, attempt.username, ofDevice);
      const taken = budget.take(attempt.deviceId);
      if (taken === "spent") throw throttled(budget.waitMs(attempt.deviceId));
      if (taken === "busy") return undefined;
      if (taken === "taken") return this.#admission(attempt, "known", [{ budget, key: attempt.deviceId }]);
    }
    const taken = this.#takeAll(attempt);
    return taken === undefined ? undefined : this.#admission(attempt, "other", taken);
  }

  /** Forgets accounts that are no more; these are all there are. */
  keepAccounts(accounts: Pick<ReadonlyMap<string, unknown>, "has" | "size">): void {
    for (const byAccount of [this.#pairs, this.#homes, this.#devices, this.#knownPlaces]) {
      if (byAccount.size <= accounts.size) continue;
      for (const name of byAccount.keys()) if (!accounts.has(name)) byAccount.delete(name);
    }
  }

  /** Undefined, and nothing taken, when a budget is busy. Throws API_THROTTLED. */
  #takeAll(attempt: LoginAttempt): readonly Counted[] | undefined {
    const taken: Counted[] = [];
    const take = (budget: FailureBudget, key: string): Taken => {
      const result = budget.take(key);
      if (result === "taken") taken.push({ budget, key });
      if (result === "spent" || result === "busy") for (const each of taken) each.budget.giveBack(each.key);
      if (result === "spent") throw throttled(budget.waitMs(key));
      return result;
    };
    const place = placeOf(attempt);
    const account = this.#accountKey(attempt);
    const isHome = this.#isHome(attempt, place);
    let isCounted = false;
    if (place !== undefined) {
      const pair = take(this.#pairBudget(attempt, isHome), `${account} ${place}`);
      if (pair === "busy" || take(this.#places, place) === "busy") return undefined;
      isCounted = pair === "taken";
    }
    if ((!isHome || !isCounted) && take(this.#accounts, account) === "busy") return undefined;
    return taken;
  }

  /** Somebody has logged in to the account from there. */
  #isHome({ username }: LoginAttempt, place: string | undefined): boolean {
    return place !== undefined && this.#knownPlaces.get(username)?.has(place) === true;
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
    const ended = (end: (counted: Counted) => void) => () => {
      for (const counted of taken) end(counted);
      this.#proven.wake();
      this.#others.wake();
    };
    return {
      lane,
      withdrawn: ended(({ budget, key }) => budget.giveBack(key)),
      failed: ended(({ budget, key }) => budget.fail(key)),
      succeeded: () => {
        this.#remember(attempt);
        ended(({ budget, key }) => budget.giveBack(key))();
      },
    };
  }

  #remember(attempt: LoginAttempt): void {
    const place = placeOf(attempt);
    if (place === undefined) return;
    const { username } = attempt;
    for (const budgets of [this.#pairs, this.#homes])
      budgets.get(username)?.forgive(`account ${username} ${place}`);
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

function placeOf({ address }: LoginAttempt): string | undefined {
  return address === undefined ? undefined : addressPrefix(address);
}

function throttled(waitMs: number): MooringError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new MooringError(
    "API_THROTTLED",
    `too many wrong passwords for this account or from this place; try again in ${seconds} s, or use an API token or a device that has logged in before`,
    { retryAfterMs: seconds * 1_000 },
  );
}

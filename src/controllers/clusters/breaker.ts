import { isAbortError, isMooringError, MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";

interface Outage {
  readonly error: MooringError;
  readonly retryAtMs: number;
  probing: boolean;
}

/** What is known of one cluster's readiness to answer. */
interface Door {
  /** It answered once since the start. */
  answered: boolean;
  /** Visitors that wait for an answer now. */
  greeting: number;
  outage: Outage | undefined;
  /** Visitors that were turned away until somebody has an answer. */
  readonly waiting: Map<string, () => void>;
}

export interface Visit<T> {
  readonly server: string;
  /** Who comes; one that comes again waits once. */
  readonly visitor: string;
  /** A cheap request that shows whether the cluster answers at all, such as discovery. */
  readonly greet: () => Promise<unknown>;
  readonly work: () => Promise<T>;
  /** Called when a visitor that was turned away with KUBE_PENDING may come again. */
  readonly onOpen: () => void;
}

const pauseMs = 10_000;
const firstGreeters = 2;

/**
 * Keeps a cluster that does not answer from holding all workers: until it has answered for the first time two may ask it, after a
 * failed try the others fail at once with the same error, and every ten seconds one of them may try again.
 */
export class ClusterBreaker {
  readonly #clock: Clock;
  readonly #doors = new Map<string, Door>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs work that needs the cluster. Throws what the last try threw while the cluster is out, and KUBE_PENDING while others
   * are still finding out whether it answers.
   */
  async run<T>(visit: Visit<T>): Promise<T> {
    const door = this.#doorOf(visit.server);
    this.#enter(door, visit);
    await this.#greet(door, visit);
    try {
      return await visit.work();
    } catch (error) {
      // A timeout here may be about one slow kind; that nobody listens is about the cluster.
      if (isMooringError(error, "KUBE_UNREACHABLE")) this.#close(door, error);
      throw error;
    }
  }

  #enter(door: Door, { server, visitor, onOpen }: Visit<unknown>): void {
    const { outage } = door;
    if (outage !== undefined) {
      if (outage.probing || this.#clock.now() < outage.retryAtMs) throw outage.error;
      outage.probing = true;
      return;
    }
    if (door.answered || door.greeting < firstGreeters) return;
    door.waiting.set(visitor, onOpen);
    const message = `cluster ${server}: has not answered yet since the start; others are waiting for its answer`;
    throw new MooringError("KUBE_PENDING", message, { key: server });
  }

  async #greet(door: Door, { greet }: Visit<unknown>): Promise<void> {
    const { outage } = door;
    door.greeting += 1;
    try {
      await greet();
      door.answered = true;
      door.outage = undefined;
    } catch (error) {
      if (isMooringError(error, "KUBE_UNREACHABLE") || isMooringError(error, "KUBE_TIMEOUT")) {
        this.#close(door, error);
      } else {
        // It answered with a refusal, or was not asked to the end: either way the next one finds out.
        if (door.outage === outage) door.outage = undefined;
        door.answered ||= !isAbortError(error) && !isMooringError(error, "KUBE_CLOSED");
      }
      throw error;
    } finally {
      door.greeting -= 1;
      const waiting = [...door.waiting.values()];
      door.waiting.clear();
      for (const onOpen of waiting) onOpen();
    }
  }

  #close(door: Door, error: MooringError): void {
    door.outage = { error, retryAtMs: this.#clock.now() + pauseMs, probing: false };
  }

  #doorOf(server: string): Door {
    const known = this.#doors.get(server);
    if (known !== undefined) return known;
    const door: Door = { answered: false, greeting: 0, outage: undefined, waiting: new Map() };
    this.#doors.set(server, door);
    return door;
  }
}

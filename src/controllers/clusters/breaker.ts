import type { MooringError } from "#core/errors/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";

interface Outage {
  readonly error: MooringError;
  readonly retryAtMs: number;
  probing: boolean;
}

const pauseMs = 10_000;

function isOutage(error: unknown): error is MooringError {
  return isMooringError(error, "KUBE_UNREACHABLE") || isMooringError(error, "KUBE_TIMEOUT");
}

/**
 * Keeps a cluster that does not answer from holding all workers: after a failed try the others fail at once with the same
 * error, and every ten seconds one of them may try again.
 */
export class ClusterBreaker {
  readonly #clock: Clock;
  readonly #outages = new Map<string, Outage>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs work that needs the cluster; throws what the last try threw while the cluster is out. */
  async run<T>(server: string, work: () => Promise<T>): Promise<T> {
    const outage = this.#outages.get(server);
    if (outage !== undefined) {
      if (outage.probing || this.#clock.now() < outage.retryAtMs) throw outage.error;
      outage.probing = true;
    }
    try {
      const result = await work();
      this.#outages.delete(server);
      return result;
    } catch (error) {
      if (isOutage(error)) {
        this.#outages.set(server, { error, retryAtMs: this.#clock.now() + pauseMs, probing: false });
      } else if (this.#outages.get(server) === outage) {
        // The cluster answered, or was not even asked: either way the next one finds out.
        this.#outages.delete(server);
      }
      throw error;
    }
  }
}

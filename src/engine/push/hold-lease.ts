import { isAbortError, MooringError } from "#core/errors/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { silentLog } from "#runtime/log.ts";
import { runAsLeader } from "../leader/leader.ts";

/** So long the next one waits after a holder was killed. */
const durationSeconds = 15;

interface HoldOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly name: string;
  /** Unique, and says who it is: whoever waits is told. */
  readonly identity: string;
  /** So long another holder is waited for, milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
  /** Told once of each other holder that is waited for. */
  readonly onWait: (holder: string) => void;
  readonly signal: AbortSignal;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Works while a Lease is held, so that nobody else does the same at the same time. The work's signal aborts when the lease is lost. Throws
 * SYNC_REFUSED naming who holds it when they do not let go in time, SYNC_FAILED when it was lost, and what claiming it or the work throws.
 */
export async function whileHeld<T>(
  options: HoldOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, patienceMs, signal } = options;
  const stop = new AbortController();
  const end = () => stop.abort();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const waiting = new Set<string>();
  let outcome: Outcome<T> | undefined;
  const beganMs = performance.now();
  const fail = (error: unknown) => {
    outcome = { error };
    end();
  };
  await runAsLeader(
    {
      ...options,
      durationSeconds,
      elapsedMs: () => performance.now(),
      log: silentLog,
      givesBack: true,
      onHeldByOther: (holder) => {
        if (performance.now() - beganMs > patienceMs) fail(heldByOther(options, holder));
        else if (!waiting.has(holder)) options.onWait(holder);
        waiting.add(holder);
      },
      onClaimFailed: fail,
      clock,
      signal: stop.signal,
    },
    async (held) => {
      outcome = await settle(work(held), () => held.aborted && !stop.signal.aborted, options);
      end();
    },
  ).finally(() => signal.removeEventListener("abort", end));
  signal.throwIfAborted();
  if (outcome === undefined)
    throw new MooringError("INTERNAL", `Lease ${options.name}: it ended without work`);
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

async function settle<T>(
  work: Promise<T>,
  isLost: () => boolean,
  { namespace, name }: HoldOptions,
): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (!isAbortError(error) || !isLost()) return { error };
    const message = `Lease/${namespace}/${name}: could not be renewed, so that somebody else may apply the same by now; apply again`;
    return { error: new MooringError("SYNC_FAILED", message, { cause: error }) };
  }
}

function heldByOther({ namespace, name }: HoldOptions, holder: string): MooringError {
  return new MooringError(
    "SYNC_REFUSED",
    `Lease/${namespace}/${name}: ${holder} is applying the same application; wait for its end, or wait longer with --lock-timeout`,
  );
}

import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

/** Thrown away inside: marks an await that ended because its time was up. */
const timedOut = Symbol("timed out");

export interface WaitOptions<T> {
  readonly ref: ObjectRef;
  /** 0 or undefined waits without end. */
  readonly timeoutSeconds?: number | undefined;
  /** What ends the wait; undefined goes on. An Application that does not exist is undefined. */
  readonly until: (app: Application | undefined) => T | undefined;
}

/** Watches one Application until `until` has an answer; undefined when the time is up first. Rejects with AbortError on Ctrl-C. */
export async function waitForApplication<T>(
  hub: CliHub,
  ports: CliPorts,
  options: WaitOptions<T>,
): Promise<T | undefined> {
  const stop = new AbortController();
  const ms = (options.timeoutSeconds ?? 0) * 1_000;
  using _timer = ms > 0 ? ports.clock.after(ms, () => stop.abort(timedOut)) : { [Symbol.dispose]: () => {} };
  const signal = AbortSignal.any([ports.signal, stop.signal]);
  // The timer does not keep the process alive, and neither does an idle watch.
  const alive = setInterval(() => {}, 60_000);
  try {
    const until: typeof options.until = (app) => {
      const answer = options.until(app);
      // Before the loop is left: an open watch would be waited for.
      if (answer !== undefined) stop.abort(timedOut);
      return answer;
    };
    return await firstAnswer(hub, ports, { ...options, until, signal });
  } catch (error) {
    ports.signal.throwIfAborted();
    if (stop.signal.aborted && (isAbortError(error) || error === timedOut)) return undefined;
    throw error;
  } finally {
    clearInterval(alive);
    stop.abort(timedOut);
  }
}

async function firstAnswer<T>(
  hub: CliHub,
  ports: CliPorts,
  { ref, until, signal }: WaitOptions<T> & { readonly signal: AbortSignal },
): Promise<T | undefined> {
  let seen = false;
  let warned = false;
  const selector = { namespace: ref.namespace, fieldSelector: `metadata.name=${ref.name}`, signal };
  for await (const event of hub.cluster.watch(ref.type, selector)) {
    if (event.type === "disconnected") {
      if (!warned) ports.stderr.write(`mooring: ${messageOf(event.error)}; trying again\n`);
      warned = true;
      continue;
    }
    if (event.type === "synced" && seen) continue;
    seen ||= event.type === "applied";
    const answer = until(event.type === "applied" ? parseApplication(event.object) : undefined);
    if (answer !== undefined) return answer;
  }
  signal.throwIfAborted();
  return undefined;
}

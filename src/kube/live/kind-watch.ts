import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { LiveFailure } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";
import type { KubeCluster } from "../cluster/start-cluster.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import type { FollowEvent } from "../watch/follow.ts";
import { KindState, type Shared } from "./kind-state.ts";
import { startStandingFailure } from "./standing-failure.ts";

export interface KindWatchOptions {
  readonly cluster: KubeCluster;
  readonly type: ResourceType;
  /** One list and watch for each; undefined is all namespaces, and what a cluster-scoped kind has. */
  readonly namespaces: readonly (string | undefined)[];
  readonly shared: Shared;
  /** The cluster stopped serving the kind; the watch has ended. */
  readonly onGone: () => void;
  readonly clock: Clock;
  /** How long a watch may be down before that is a failure. */
  readonly failureAfterMs: number;
  /** `failure` was set, or is over. */
  readonly onFailure: () => void;
}

/** Keeps one kind of one cluster known. */
export interface KindWatch extends AsyncDisposable {
  readonly state: KindState;
  /** Why what was listed once is out of date by now. */
  readonly failure: LiveFailure | undefined;
  /** Resolves after the first complete list. Throws when the kind may not be listed, or at the deadline why it was not. */
  waitSynced(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

interface Scope {
  readonly namespace: string | undefined;
  synced: boolean;
  error: Error | undefined;
}

export function startKindWatch(options: KindWatchOptions): KindWatch {
  const state = new KindState(options.type, options.shared);
  const stop = new AbortController();
  const progress = createProgress();
  const scopes = options.namespaces.map((namespace): Scope => {
    return { namespace, synced: false, error: undefined };
  });
  const failure = startStandingFailure({
    clock: options.clock,
    afterMs: options.failureAfterMs,
    onChange: options.onFailure,
  });
  const end = (): void => {
    stop.abort();
    failure[Symbol.dispose]();
    state.clear();
    options.onGone();
  };
  const run = async (scope: Scope): Promise<void> => {
    const take = state.startScope(scope.namespace);
    const namespace = scope.namespace === undefined ? {} : { namespace: scope.namespace };
    for await (const event of options.cluster.follow(options.type, { signal: stop.signal, ...namespace })) {
      take(event);
      note(scope, event);
      failure.note(scopes.find((one) => one.synced && one.error !== undefined)?.error);
      if (event.type === "disconnected" && (await isGone(options, event.error, stop.signal))) end();
      if (event.type === "listed" || event.type === "disconnected") progress.step();
    }
    progress.step();
  };
  const running = scopes.map(run);
  return {
    state,
    get failure() {
      return failure.current;
    },
    waitSynced: async (timeoutMs, signal) => {
      if (scopes.every((scope) => scope.synced)) return;
      using timer = startTimer(timeoutMs, signal, options.clock);
      for (;;) {
        const waiting = scopes.filter((scope) => !scope.synced);
        const refused = waiting.find((scope) => isMooringError(scope.error, "KUBE_FORBIDDEN"));
        if (refused?.error !== undefined) throw refused.error;
        if (waiting.length === 0 || stop.signal.aborted) return;
        const ended = await Promise.race([progress.next, timer.ended]);
        if (ended === "aborted") throw abortErrorOf(signal);
        if (ended === "expired") throw notSynced(options.type, waiting, timeoutMs);
      }
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      failure[Symbol.dispose]();
      await Promise.all(running);
    },
  };
}

function note(scope: Scope, event: FollowEvent): void {
  if (event.type === "disconnected") scope.error = event.error;
  else if (event.type !== "page") scope.error = undefined;
  if (event.type === "listed") scope.synced = true;
}

interface Progress {
  /** Resolves at the next step. */
  readonly next: Promise<void>;
  step(): void;
}

function createProgress(): Progress {
  let current = Promise.withResolvers<void>();
  return {
    get next() {
      return current.promise;
    },
    step: () => {
      current.resolve();
      current = Promise.withResolvers<void>();
    },
  };
}

/** A kind is gone when its list is not found and discovery, asked anew, does not know it. */
async function isGone(options: KindWatchOptions, error: Error, signal: AbortSignal): Promise<boolean> {
  if (!isMooringError(error, "KUBE_NOT_FOUND")) return false;
  const { group, kind, version } = options.type;
  try {
    const discovery = await options.cluster.discover(signal, { refresh: true });
    // Served in another version it is watched anew in that one.
    return discovery.typeOf(group, kind)?.version !== version;
  } catch {
    // Unknown for now: the watch's next failure asks again.
    return false;
  }
}

interface Timer extends Disposable {
  readonly ended: Promise<"aborted" | "expired">;
}

function startTimer(timeoutMs: number, signal: AbortSignal, clock: Clock): Timer {
  const { promise, resolve } = Promise.withResolvers<"aborted" | "expired">();
  const aborted = (): void => resolve("aborted");
  const timer = clock.after(timeoutMs, () => resolve("expired"));
  if (signal.aborted) aborted();
  else signal.addEventListener("abort", aborted, { once: true });
  return {
    ended: promise,
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", aborted);
    },
  };
}

function notSynced(type: ResourceType, waiting: readonly Scope[], timeoutMs: number): Error {
  const error = waiting.find((scope) => scope.error !== undefined)?.error;
  if (error !== undefined) return error;
  const name = type.group === "" ? type.plural : `${type.plural}.${type.group}`;
  return new MooringError("KUBE_TIMEOUT", `${name}: the first list took longer than ${timeoutMs / 1000} s`);
}

import type { ApiClient } from "#api/contract/api-client.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ListOptions, WatchEvent } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { asObject } from "./as-object.ts";

type StreamEvent =
  ReturnType<ApiClient["ask"]["application"]["watch"]> extends AsyncIterable<infer Event> ? Event : never;

const retryMs = 1_000;
const firstLookMs = 300;
const longestLookMs = 30_000;

/**
 * One Application as a server tells of it: first what is there, then what becomes of it. A stream that ends is opened again, and what
 * happened meanwhile is told. Throws what a server refuses for good, such as API_FORBIDDEN.
 */
export async function* watchApplications(
  api: ApiClient,
  clock: Clock,
  { namespace = "", fieldSelector = "", signal }: ListOptions,
): AsyncIterable<WatchEvent> {
  const named = { name: fieldSelector.replace(/^metadata\.name=/u, ""), appNamespace: namespace };
  let known: KubeObject | undefined;
  const look = async (): Promise<Told | undefined> => {
    const before = known;
    known = await readOne(api, { ...named, project: projectsOf(known) }, signal);
    if (known === undefined) return before === undefined ? undefined : { type: "deleted", object: before };
    const isSame = known.metadata.resourceVersion === before?.metadata.resourceVersion;
    return isSame ? undefined : { type: "applied", object: known };
  };
  const follow = async function* (): AsyncIterable<WatchEvent> {
    const found = await look();
    if (found !== undefined) yield found;
    const resourceVersion = known?.metadata.resourceVersion ?? "";
    yield { type: "synced", resourceVersion };
    const open = (until: AbortSignal) => api.ask.application.watch({ ...named, resourceVersion }, until);
    for await (const event of withLulls(open, clock, signal)) {
      // What ended between the look and the beginning of the stream, no stream tells of.
      const seen = event === undefined ? await look() : eventOf(event);
      if (seen === undefined) continue;
      known = seen.type === "deleted" ? undefined : seen.object;
      yield seen;
    }
  };
  while (!signal.aborted) {
    try {
      yield* follow();
    } catch (error) {
      signal.throwIfAborted();
      if (!isMooringError(error) || !["API_UNREACHABLE", "API_CLOSING", "API_THROTTLED"].includes(error.code))
        throw error;
      yield { type: "disconnected", error };
    }
    await clock.sleep(retryMs, signal);
  }
}

type Told = { readonly type: "applied" | "deleted"; readonly object: KubeObject };

function eventOf({ type = "", application }: StreamEvent): Told {
  const object = asObject(hubTypes.application, application);
  return { type: type === "DELETED" ? "deleted" : "applied", object };
}

/** A stream with undefined in it where nothing came for some time, which grows while nothing does. */
async function* withLulls(
  open: (until: AbortSignal) => AsyncIterable<StreamEvent>,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<StreamEvent | undefined> {
  const stop = new AbortController();
  const iterator = open(AbortSignal.any([signal, stop.signal]))[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<StreamEvent>> | undefined;
  let lullMs = firstLookMs;
  try {
    for (;;) {
      next ??= iterator.next();
      const { promise: lull, resolve } = Promise.withResolvers<undefined>();
      using _timer = clock.after(lullMs, () => resolve(undefined));
      const came = await Promise.race([next, lull]);
      if (came?.done === true) return;
      if (came === undefined) lullMs = Math.min(2 * lullMs, longestLookMs);
      else next = undefined;
      yield came?.value;
    }
  } finally {
    stop.abort();
  }
}

function projectsOf(app: KubeObject | undefined): readonly string[] {
  const project = app === undefined ? undefined : viewString(app, "spec", "project");
  return project === undefined ? [] : [project];
}

interface Named {
  readonly name: string;
  readonly appNamespace: string;
  /** Where it was last: who may see that one only is told that it is gone, and not that it is forbidden. */
  readonly project: readonly string[];
}

async function readOne(
  { ask }: ApiClient,
  named: Named,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return asObject(hubTypes.application, await ask.application.get(named, signal));
  } catch (error) {
    if (isMooringError(error, "API_NOT_FOUND")) return undefined;
    throw error;
  }
}

import { isAbortError, isMooringError, MooringError } from "#core/errors/index.ts";
import { type JsonValue, type KubeObject, viewNumber, viewPath, viewString } from "#core/object/index.ts";
import type { ListOptions, ResourceType } from "#ports/cluster.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Clock } from "#runtime/clock.ts";
import { collectionPath, kindSubjectOf, withQuery } from "../cluster/paths.ts";
import { parseJsonText } from "../http/body.ts";
import type { KubeClient } from "../http/client.ts";
import { translateNetworkError } from "../http/network-error.ts";
import { translateStatus } from "../http/status-error.ts";
import { createLineSplitter } from "./lines.ts";
import { acceptOf, listPages, stamped } from "./list-pages.ts";

/** What a kind's list and watch say, in order, before anyone compares it with what was known. */
export type FollowEvent =
  | {
      readonly type: "page";
      readonly objects: readonly KubeObject[];
      readonly first: boolean;
      readonly resourceVersion: string;
    }
  | { readonly type: "listed"; readonly resourceVersion: string }
  | { readonly type: "connected" }
  /** All events of one chunk, so that many small ones cost one turn. */
  | { readonly type: "changes"; readonly changes: readonly RawChange[] }
  | { readonly type: "disconnected"; readonly error: Error };

interface RawChange {
  readonly deleted: boolean;
  readonly object: KubeObject;
}

export interface Follower {
  readonly client: KubeClient;
  readonly server: string;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

const backoff = { baseMs: 300, factor: 2, maxMs: 30_000, jitter: 0.5 };
const maxLineBytes = 16 * 1024 * 1024;
/** A watch that ends sooner without a word counts as a failure, else it would be reopened without pause. */
const quietEndMs = 1_000;
/** A watch that lived for so long was a sign of life, whether anything happened or not. */
const calmMs = 10_000;
const graceMs = 30_000;

/** Where the loop stands between two connections. */
interface Position {
  resourceVersion: string | undefined;
  /** Tries since the last sign of life. */
  failures: number;
}

interface Run {
  readonly type: ResourceType;
  readonly options: ListOptions;
  readonly position: Position;
}

/**
 * Lists and watches a kind until the signal aborts, then ends. Resumes from the last resourceVersion, bookmarks
 * included; lists again when the server has forgotten it (410). Never throws: failures are events.
 */
export async function* follow(
  follower: Follower,
  type: ResourceType,
  options: ListOptions,
): AsyncGenerator<FollowEvent> {
  const position: Position = { resourceVersion: undefined, failures: 0 };
  const run = { type, options, position };
  while (!options.signal.aborted) {
    let waitMs = 0;
    try {
      if (position.resourceVersion === undefined) yield* list(follower, run);
      const livedMs = yield* watchOnce(follower, run);
      if (livedMs < quietEndMs) waitMs = nextDelay(follower, position);
    } catch (caught) {
      if (options.signal.aborted) return;
      const error = translateNetworkError(follower.server, caught);
      const expired = isMooringError(error, "KUBE_GONE");
      // The first expiry is answered at once; a server that always expires is not hammered with lists.
      waitMs = expired && position.failures === 0 ? 0 : nextDelay(follower, position);
      if (expired) position.failures += 1;
      else yield { type: "disconnected", error };
      if (expired || refusesPosition(error)) position.resourceVersion = undefined;
      if (error instanceof MooringError)
        waitMs = Math.max(waitMs, Math.min(error.retryAfterMs ?? 0, backoff.maxMs));
    }
    if (waitMs > 0 && !(await slept(follower, waitMs, options.signal))) return;
  }
}

/** A version from the future, as after a restored backup, is refused as a timeout or as invalid. */
function refusesPosition(error: unknown): boolean {
  return isMooringError(error, "KUBE_TIMEOUT") || isMooringError(error, "KUBE_INVALID");
}

function nextDelay(follower: Follower, position: Position): number {
  const delay = backoffDelay(position.failures, backoff, follower.random);
  position.failures += 1;
  return delay;
}

async function slept(follower: Follower, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await follower.clock.sleep(ms, signal);
    return true;
  } catch (error) {
    if (isAbortError(error)) return false;
    throw error;
  }
}

async function* list(follower: Follower, run: Run): AsyncGenerator<FollowEvent> {
  let resourceVersion = "";
  for await (const page of listPages(follower.client, run.type, run.options)) {
    resourceVersion = page.resourceVersion;
    yield { type: "page", ...page };
  }
  run.position.resourceVersion = resourceVersion;
  yield { type: "listed", resourceVersion };
}

/** One watch request, to its end; returns how long it lived in milliseconds, without end if it told anything. */
async function* watchOnce(follower: Follower, run: Run): AsyncGenerator<FollowEvent, number> {
  const { type, options, position } = run;
  const timeoutSeconds = 300 + Math.round(300 * follower.random());
  const path = withQuery(collectionPath(type, options.namespace ?? ""), {
    watch: 1,
    allowWatchBookmarks: true,
    resourceVersion: position.resourceVersion,
    timeoutSeconds,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
  });
  const subject = kindSubjectOf(type);
  const accept = acceptOf("PartialObjectMetadata", options);
  const startedAt = follower.clock.now();
  const body = await follower.client.stream(
    { method: "GET", path, accept, subject, repeatable: true },
    options.signal,
  );
  using _grace = follower.clock.after(timeoutSeconds * 1000 + graceMs, () => {
    body.destroy(Object.assign(new Error("the watch outlived its deadline"), { code: "ETIMEDOUT" }));
  });
  yield { type: "connected" };
  const splitter = createLineSplitter(maxLineBytes);
  let heard = false;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const { changes, alive, error } = readLines(splitter.push(chunk), run);
      if (alive) position.failures = 0;
      heard ||= alive;
      if (changes.length > 0) yield { type: "changes", changes };
      if (error !== undefined) throw error;
    }
  } finally {
    if (follower.clock.now() - startedAt >= calmMs) position.failures = 0;
  }
  return heard ? Infinity : follower.clock.now() - startedAt;
}

interface Lines {
  readonly changes: readonly RawChange[];
  /** There was a change or a bookmark. */
  readonly alive: boolean;
  /** What an ERROR event said; the changes before it happened all the same. */
  readonly error: MooringError | undefined;
}

function readLines(lines: readonly string[], { type, position }: Run): Lines {
  const changes: RawChange[] = [];
  let alive = false;
  for (const line of lines) {
    if (line === "") continue;
    const event = parseJsonText(line);
    const kind = viewString(event, "type");
    const object = stamped(type, viewPath(event, "object"));
    if (kind === "ERROR" || object === undefined) {
      return { changes, alive, error: errorOf(type, viewPath(event, "object")) };
    }
    alive = true;
    position.resourceVersion = object.metadata.resourceVersion ?? position.resourceVersion;
    if (kind !== "BOOKMARK") changes.push({ deleted: kind === "DELETED", object });
  }
  return { changes, alive, error: undefined };
}

function errorOf(type: ResourceType, status: JsonValue | undefined): MooringError {
  const code = viewNumber(status, "code") ?? 500;
  return translateStatus(kindSubjectOf(type), { status: code, retryAfterMs: undefined, body: status });
}

import { createHash } from "node:crypto";
import { errorCatalog, isAbortError, isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import type { FollowedSource, News } from "#core/webhook/index.ts";
import { followedName, maxNews, newsBytes, newsName, newsObject, planNews } from "#core/webhook/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { apiFieldManager } from "../context.ts";

export interface AnnouncerOptions {
  readonly hub: Pick<Hub, "cluster" | "namespace" | "configMaps">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sources that wait to be told of, each once. */
const maxWaiting = 10_000;
/** Of one write. */
const maxWriteBytes = 128 * 1024;
/** What comes within it is one write. */
const gatherMs = 50;
const retryMs = 1_000;
/** For so long what waits is written when the server stops. */
const closeMs = 5_000;

type Named = readonly [name: string, source: FollowedSource];

/** Tells the controller of sources that have news, by one write for all that came meanwhile; what waits is told when it is disposed of. */
export class Announcer implements AsyncDisposable {
  readonly #options: AnnouncerOptions;
  readonly #waiting = new Map<string, FollowedSource>();
  readonly #closing = new AbortController();
  /** Ends writes: a server that stops has what waits told first. */
  readonly #writes = new AbortController();
  #written: Promise<void> | undefined;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Has the sources told of soon; does not wait for it. Throws API_THROTTLED when too many wait. */
  announce(sources: readonly FollowedSource[]): void {
    const isFull = this.#waiting.size >= maxWaiting;
    if (isFull && sources.some((source) => !this.#waiting.has(followedName(source)))) {
      throw new MooringError("API_THROTTLED", "webhook: too many wait to be acted on; send it again later", {
        retryAfterMs: retryMs,
      });
    }
    for (const source of sources) this.#waiting.set(followedName(source), source);
    if (this.#waiting.size === 0) return;
    this.#written ??= this.#writeAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, log } = this.#options;
    using _late = clock.after(closeMs, () => this.#writes.abort());
    this.#closing.abort();
    await this.#written;
    this.#writes.abort();
    if (this.#waiting.size === 0) return;
    log.warn("news of webhooks could not be told before the end; their repositories are asked as without", {
      sources: this.#waiting.size,
    });
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.size > 0 && !this.#writes.signal.aborted) {
        await this.#writeOrKeep(this.#take());
        await this.#pause(gatherMs, this.#closing.signal);
      }
    } catch (error) {
      this.#options.log.error("news of webhooks cannot be told", { error: messageOf(error) });
    } finally {
      // At once, so that whoever announces next begins anew.
      this.#written = undefined;
    }
  }

  /** As many as one write holds. */
  #take(): readonly Named[] {
    const taken: Named[] = [];
    let bytes = 0;
    for (const [name, source] of this.#waiting) {
      bytes += newsBytes({ ...source, at: "" });
      if (taken.length === maxNews || (bytes > maxWriteBytes && taken.length > 0)) break;
      taken.push([name, source]);
      this.#waiting.delete(name);
    }
    return taken;
  }

  /** What cannot be written waits on, unless it was told of anew meanwhile. */
  async #writeOrKeep(taken: readonly Named[]): Promise<void> {
    const { log } = this.#options;
    const left = new Map(taken);
    try {
      await this.#tell(taken, (name) => left.delete(name));
    } catch (error) {
      for (const [name, source] of left) this.#waiting.set(name, source);
      if (isAbortError(error)) return;
      if (!isMooringError(error)) throw error;
      log.warn("news of webhooks will be told again", { code: error.code, error: error.message });
      await this.#pause(retryMs, this.#writes.signal);
    }
  }

  /** What a cluster will not take at all is looked for by halves and dropped, so that it keeps no other news from being told. */
  async #tell(taken: readonly Named[], onDone: (name: string) => void): Promise<void> {
    try {
      await this.#write(taken.map(([, source]) => source));
    } catch (error) {
      if (!isMooringError(error) || errorCatalog[error.code].retry !== "never") throw error;
      if (taken.length > 1) {
        const half = Math.ceil(taken.length / 2);
        await this.#tell(taken.slice(0, half), onDone);
        await this.#tell(taken.slice(half), onDone);
        return;
      }
      const repoURL = taken[0]?.[1].repoURL ?? "";
      const about = repoURL.length > 500 ? "(too long)" : scrubUrls(repoURL);
      this.#options.log.warn("news of a source cannot be told", { repository: about, code: error.code });
    }
    for (const [name] of taken) onDone(name);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, signal);
    } catch (error) {
      if (!isAbortError(error)) throw error;
    }
  }

  async #write(sources: readonly FollowedSource[]): Promise<void> {
    const { hub, clock } = this.#options;
    const { cluster, namespace } = hub;
    const { signal } = this.#writes;
    const at = new Date(clock.now()).toISOString();
    const added = new Map(sources.map((source): [string, News] => [keyOf(source), { ...source, at }]));
    const ref = { type: hubTypes.configMap, namespace, name: newsName };
    const options = { fieldManager: apiFieldManager, signal };
    const object = hub.configMaps.get(`${namespace}/${newsName}`);
    const data = planNews(object, added);
    try {
      await cluster.mergePatch(ref, { data }, options);
    } catch (error) {
      if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
      await cluster.create(ref.type, newsObject(namespace, planNews(undefined, added)), options);
    }
  }
}

/** A key of a ConfigMap has few letters to choose from. */
function keyOf(source: FollowedSource): string {
  return createHash("sha256").update(followedName(source)).digest("hex").slice(0, 32);
}

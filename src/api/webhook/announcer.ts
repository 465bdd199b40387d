import { createHash } from "node:crypto";
import { isAbortError, isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { FollowedSource, News } from "#core/webhook/index.ts";
import { followedName, maxNews, newsName, newsObject, planNews } from "#core/webhook/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { apiFieldManager } from "../context.ts";

export interface AnnouncerOptions {
  readonly hub: Pick<Hub, "cluster" | "namespace" | "configMaps">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Sources that wait to be told of, each once. */
const maxWaiting = 10_000;
/** What comes within it is one write. */
const gatherMs = 50;
const retryMs = 1_000;

/** Tells the controller of sources that have news, by one write for all that came meanwhile. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #waiting = new Map<string, FollowedSource>();
  #isWriting = false;

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
    if (!this.#isWriting && this.#waiting.size > 0) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    const { clock, log, signal } = this.#options;
    this.#isWriting = true;
    try {
      while (this.#waiting.size > 0) {
        const taken = [...this.#waiting].slice(0, maxNews);
        for (const [name] of taken) this.#waiting.delete(name);
        await this.#writeOrKeep(taken);
        await clock.sleep(gatherMs, signal);
      }
    } catch (error) {
      if (!isAbortError(error)) log.error("news of webhooks cannot be told", { error: messageOf(error) });
    } finally {
      this.#isWriting = false;
    }
  }

  /** What cannot be written waits on, unless it was told of anew meanwhile. */
  async #writeOrKeep(taken: readonly (readonly [string, FollowedSource])[]): Promise<void> {
    const { clock, log, signal } = this.#options;
    try {
      await this.#write(taken.map(([, source]) => source));
    } catch (error) {
      if (!isMooringError(error)) throw error;
      log.warn("news of webhooks will be told again", { code: error.code, error: error.message });
      for (const [name, source] of taken) this.#waiting.set(name, source);
      await clock.sleep(retryMs, signal);
    }
  }

  async #write(sources: readonly FollowedSource[]): Promise<void> {
    const { hub, clock, signal } = this.#options;
    const { cluster, namespace } = hub;
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

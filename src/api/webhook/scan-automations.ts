import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import { imageKey, parseImage, scanAnnotation } from "#core/images/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { WebhookEvent } from "#core/webhook/index.ts";
import { artifactKey } from "#core/webhook/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { apiFieldManager } from "../context.ts";

export interface ScanCallerOptions {
  readonly hub: Pick<Hub, "cluster" | "namespace">;
  /** Whether automations of another namespace are looked at. */
  readonly admitsNamespace: (namespace: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Images that wait to be told of, each once. */
const maxWaiting = 1_000;
/** What comes within it is one listing. */
const gatherMs = 500;
/** Nobody has an automation ask its registry more often: whoever sends webhooks need not have proved anything. */
const pauseMs = 30_000;

/** Has the ImageAutomations look at once that name an image of which a registry says that it was pushed. */
export class ScanCaller implements AsyncDisposable {
  readonly #options: ScanCallerOptions;
  readonly #waiting = new Set<string>();
  readonly #closing = new AbortController();
  /** When each was last called, by namespace and name. */
  readonly #called = new Map<string, number>();
  #running: Promise<void> | undefined;

  constructor(options: ScanCallerOptions) {
    this.#options = options;
  }

  /** Does not wait for it; what is too much is found at the next interval. */
  tell(events: readonly WebhookEvent[]): void {
    for (const event of events) {
      if (event.kind === "artifact" && this.#waiting.size < maxWaiting)
        this.#waiting.add(artifactKey(event.repository));
    }
    if (this.#waiting.size > 0 && !this.#closing.signal.aborted) this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#closing;
    try {
      for (let waitMs = gatherMs; this.#waiting.size > 0; waitMs = pauseMs) {
        await clock.sleep(waitMs, signal);
        const keys = new Set(this.#waiting);
        this.#waiting.clear();
        await this.#call(keys, signal);
      }
    } catch (error) {
      const isMissing = isMooringError(error, "KUBE_NOT_FOUND") || isMooringError(error, "KUBE_UNKNOWN_KIND");
      if (!isAbortError(error) && !isMissing)
        log.warn("ImageAutomations could not be told of a push; they look when their interval is over", {
          error: messageOf(error),
        });
    } finally {
      this.#running = undefined;
    }
  }

  async #call(keys: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { hub, admitsNamespace, clock } = this.#options;
    const objects = await this.#list(signal);
    for (const object of objects) {
      const { namespace = "", name = "" } = object.metadata;
      const named = imageKeysOf(object).filter((key) => keys.has(key));
      const isOurs = namespace === hub.namespace || admitsNamespace(namespace);
      if (named.length === 0 || !isOurs) continue;
      const calledMs = this.#called.get(`${namespace}/${name}`) ?? 0;
      if (clock.now() - calledMs < pauseMs) {
        for (const key of named) this.#waiting.add(key);
        continue;
      }
      this.#called.set(`${namespace}/${name}`, clock.now());
      await this.#annotate(object, signal);
    }
    const names = new Set(
      objects.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`),
    );
    for (const name of this.#called.keys()) if (!names.has(name)) this.#called.delete(name);
  }

  /** Of all namespaces, where the server may read them. */
  async #list(signal: AbortSignal): Promise<readonly KubeObject[]> {
    const { cluster, namespace } = this.#options.hub;
    try {
      return await cluster.list(hubTypes.imageAutomation, { signal });
    } catch (error) {
      if (!isMooringError(error, "KUBE_FORBIDDEN")) throw error;
      return await cluster.list(hubTypes.imageAutomation, { namespace, signal });
    }
  }

  async #annotate({ metadata }: KubeObject, signal: AbortSignal): Promise<void> {
    const { hub, clock } = this.#options;
    const { namespace = "", name = "" } = metadata;
    const annotations = { [scanAnnotation]: `webhook ${new Date(clock.now()).toISOString()}` };
    const ref = { type: hubTypes.imageAutomation, namespace, name };
    try {
      await hub.cluster.mergePatch(
        ref,
        { metadata: { annotations } },
        { fieldManager: apiFieldManager, signal },
      );
    } catch (error) {
      if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
    }
  }
}

/** As webhooks name them. */
function imageKeysOf(object: KubeObject): readonly string[] {
  return viewArray(object, "spec", "images").flatMap((entry) => {
    const image = parseImage(viewString(entry, "image") ?? "");
    return image === undefined ? [] : [artifactKey(imageKey(image.name))];
  });
}

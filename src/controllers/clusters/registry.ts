import type { ClusterRecord } from "#core/cluster/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { LiveChange, LiveStore } from "#ports/live-store.ts";

export interface RegistryOptions {
  /** Opens the connection and its live store; no request needs to have been made when it returns. */
  readonly open: (target: ClusterRecord) => LiveStore;
  /** Something happened to an object of these owners. */
  readonly onChange: (change: LiveChange, live: LiveStore) => void;
  /** Something happened to what is known of the objects of these owners. */
  readonly onFailure: (owners: readonly string[]) => void;
}

interface Opened {
  readonly live: LiveStore;
  readonly subscriptions: readonly Disposable[];
}

/**
 * Live stores by what a connection is made of, opened when first needed. Two Secrets may describe one API server, with other
 * credentials or namespaces: each has its own store. A Secret's name, labels and annotations may change under an open one.
 */
export class ClusterRegistry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get(target: ClusterRecord): LiveStore {
    const fingerprint = fingerprintOf(target);
    const known = this.#opened.get(fingerprint);
    if (known !== undefined) return known.live;
    const live = this.#options.open(target);
    const { onChange, onFailure } = this.#options;
    const subscriptions = [live.onChange((change) => onChange(change, live)), live.onFailure(onFailure)];
    this.#opened.set(fingerprint, { live, subscriptions });
    return live;
  }

  /** Closes the stores that none of the registered clusters uses any more. */
  keepOnly(targets: readonly ClusterRecord[]): void {
    const kept = new Set(targets.map((target) => fingerprintOf(target)));
    for (const [fingerprint, opened] of this.#opened) {
      if (!kept.has(fingerprint)) this.#close(fingerprint, opened);
    }
  }

  /** An owner that moved or ended leaves no claim behind. */
  release(owner: string, except?: LiveStore): void {
    for (const { live } of this.#opened.values()) {
      if (live !== except) live.release(owner);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [fingerprint, opened] of this.#opened) this.#close(fingerprint, opened);
    await Promise.all(this.#closing);
  }

  #close(fingerprint: string, { live, subscriptions }: Opened): void {
    for (const subscription of subscriptions) subscription[Symbol.dispose]();
    this.#opened.delete(fingerprint);
    const closing: Promise<void> = Promise.resolve(live[Symbol.asyncDispose]()).finally(() =>
      this.#closing.delete(closing),
    );
    this.#closing.add(closing);
  }
}

function fingerprintOf({ server, connection, namespaces, clusterResources }: ClusterRecord): string {
  const parts = { server, connection, namespaces, clusterResources };
  return canonicalJson(JSON.parse(JSON.stringify(parts)) as JsonValue);
}

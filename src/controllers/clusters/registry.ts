import type { ClusterRecord } from "#core/cluster/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { LiveChange, LiveStore } from "#ports/live-store.ts";

export interface RegistryOptions {
  /** Opens the connection and its live store; no request needs to have been made when it returns. */
  readonly open: (target: ClusterRecord) => LiveStore;
  readonly onChange: (server: string, change: LiveChange) => void;
}

interface Opened {
  readonly fingerprint: string;
  readonly live: LiveStore;
  readonly subscription: Disposable;
}

/** Live stores by API server address, opened when first needed and opened anew when the cluster's Secret changes. */
export class ClusterRegistry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get(target: ClusterRecord): LiveStore {
    const { server } = target;
    const fingerprint = canonicalJson(JSON.parse(JSON.stringify(target)));
    const known = this.#opened.get(server);
    if (known?.fingerprint === fingerprint) return known.live;
    if (known !== undefined) this.#close(server, known);
    const live = this.#options.open(target);
    const subscription = live.onChange((change) => this.#options.onChange(server, change));
    this.#opened.set(server, { fingerprint, live, subscription });
    return live;
  }

  /** Closes the stores of clusters that are no longer registered. */
  keepOnly(servers: ReadonlySet<string>): void {
    for (const [server, opened] of this.#opened) {
      if (!servers.has(server)) this.#close(server, opened);
    }
  }

  /** An owner that moved or ended leaves no claim behind. */
  release(owner: string, except?: LiveStore): void {
    for (const { live } of this.#opened.values()) {
      if (live !== except) live.release(owner);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [server, opened] of this.#opened) this.#close(server, opened);
    await Promise.all(this.#closing);
  }

  #close(server: string, opened: Opened): void {
    opened.subscription[Symbol.dispose]();
    this.#opened.delete(server);
    const closing: Promise<void> = Promise.resolve(opened.live[Symbol.asyncDispose]()).finally(() =>
      this.#closing.delete(closing),
    );
    this.#closing.add(closing);
  }
}

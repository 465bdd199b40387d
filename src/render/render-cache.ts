import { createHash } from "node:crypto";
import type { ErrorCode } from "#core/errors/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { DiskCache } from "./disk-cache.ts";
import { mayHoldCredentials } from "./mounts.ts";
import type { Rendered } from "./protocol.ts";
import type { Trace, TraceCheck } from "./trace.ts";
import { traceStands } from "./trace.ts";

/** Traces remembered for one key, such as those of the branches that an application moves between. */
const tracesPerKey = 4;
/** Over all keys, about 100 bytes each. */
const maxTraceEntries = 500_000;

export type Outcome =
  | ({ readonly kind: "rendered" } & Omit<Rendered, "manifests">)
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

export type CachedRender =
  | { readonly kind: "rendered"; readonly rendered: Rendered }
  | Extract<Outcome, { kind: "failed" }>;

interface Remembered {
  readonly trace: Trace;
  readonly outcome: Outcome;
}

export interface RenderCacheOptions {
  readonly disk: DiskCache | undefined;
  readonly memoryMaxBytes: number;
}

/**
 * What earlier renders read and gave. Manifests are stored once per content. A render that holds a Secret and a failure
 * stay in memory: neither a secret value nor a message about one is written to a disk.
 */
export class RenderCache {
  readonly #disk: DiskCache | undefined;
  readonly #traces = new BoundedMap<readonly Remembered[]>(maxTraceEntries);
  readonly #manifests: BoundedMap<Uint8Array<ArrayBuffer>>;

  constructor(options: RenderCacheOptions) {
    this.#disk = options.disk;
    this.#manifests = new BoundedMap(options.memoryMaxBytes);
  }

  /** The outcome of an earlier render of the key that would read the same in this tree. */
  async find(key: string, check: TraceCheck): Promise<CachedRender | undefined> {
    for (const remembered of await this.#tracesOf(key)) {
      if (!(await traceStands(remembered.trace, check))) continue;
      const { outcome } = remembered;
      if (outcome.kind === "failed") return outcome;
      const manifests = await this.#readManifests(outcome.digest);
      if (manifests === undefined) continue;
      await this.#remember(key, remembered);
      const { kind: _, ...rest } = outcome;
      return { kind: "rendered", rendered: { ...rest, manifests } };
    }
    return undefined;
  }

  /** With `lasting` it outlives the process: not worth it for what is rendered anew as fast as it is read. */
  async storeRendered(
    key: string,
    {
      trace,
      rendered,
      lasting,
    }: { readonly trace: Trace; readonly rendered: Rendered; readonly lasting: boolean },
  ): Promise<void> {
    const { manifests, ...rest } = rendered;
    this.#manifests.set(rendered.digest, manifests, manifests.length);
    if (lasting && !rendered.holdsSecrets) await this.#disk?.write(`r-${rendered.digest}`, manifests);
    await this.#remember(key, { trace, outcome: { kind: "rendered", ...rest } }, lasting);
  }

  async storeFailure(
    key: string,
    trace: Trace,
    failure: Extract<Outcome, { kind: "failed" }>,
  ): Promise<void> {
    await this.#remember(key, { trace, outcome: failure });
  }

  async #tracesOf(key: string): Promise<readonly Remembered[]> {
    const known = this.#traces.get(key);
    if (known !== undefined) return known;
    const content = await this.#disk?.read(`t-${key}`);
    if (content === undefined) return [];
    // The file's own digest was checked, and the key holds the version of this format.
    const read = JSON.parse(new TextDecoder().decode(content)) as readonly Remembered[];
    this.#keep(key, read);
    return read;
  }

  async #remember(key: string, remembered: Remembered, persist = false): Promise<void> {
    const known = await this.#tracesOf(key);
    if (known[0] === remembered) return;
    const same = JSON.stringify(remembered.trace);
    const others = known.filter((other) => other !== remembered && JSON.stringify(other.trace) !== same);
    const list = [remembered, ...others].slice(0, tracesPerKey);
    this.#keep(key, list);
    if (!persist || this.#disk === undefined) return;
    const lasting = list.filter(mayLast);
    if (lasting[0] !== remembered) return;
    await this.#disk.write(`t-${key}`, new TextEncoder().encode(JSON.stringify(lasting)));
  }

  #keep(key: string, list: readonly Remembered[]): void {
    this.#traces.set(
      key,
      list,
      list.reduce((sum, { trace }) => sum + 1 + trace.entries.length, 0),
    );
  }

  async #readManifests(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const known = this.#manifests.get(digest);
    if (known !== undefined) return known;
    const read = await this.#disk?.read(`r-${digest}`);
    if (read === undefined || createHash("sha256").update(read).digest("hex") !== digest) return undefined;
    const manifests = new Uint8Array(read);
    this.#manifests.set(digest, manifests, manifests.length);
    return manifests;
  }
}

/** False for what holds a secret value in its objects or in the address of a remote source. */
function mayLast({ outcome, trace }: Remembered): boolean {
  if (outcome.kind !== "rendered" || outcome.holdsSecrets) return false;
  return !trace.entries.some((entry) => entry.kind === "remote" && mayHoldCredentials(entry.source));
}

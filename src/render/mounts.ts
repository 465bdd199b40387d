import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { FetchedSource, RemoteSource, SourceFetcher } from "#ports/source-fetcher.ts";
import { isNotFound } from "./trace.ts";
import type { TracedTree } from "./traced-tree.ts";

/** Remote sources that one render may refer to, those of its bases included; real ones have a handful. */
const maxMounts = 256;

/** Fetches what a render refers to elsewhere and gives it a place below `.git/mounts/`. */
export interface Mounts {
  /** The path where the source is now; the same source has the same path. Throws what the fetcher throws. */
  mount(source: RemoteSource, signal: AbortSignal): Promise<string>;
  /** The same, but undefined for a file that its server does not have. */
  find(source: RemoteSource, signal: AbortSignal): Promise<string | undefined>;
  /** Calls the listener when a fetch begins, and when the last one has ended. */
  whileFetching(listener: (isFetching: boolean) => void): void;
  /** A text with mounts named as the user knows them. */
  describe(text: string): string;
}

export function openMounts(tree: TracedTree, fetcher: SourceFetcher | undefined): Mounts {
  return new FetchedMounts(tree, fetcher);
}

class FetchedMounts implements Mounts {
  readonly #tree: TracedTree;
  readonly #fetcher: SourceFetcher | undefined;
  readonly #mounted = new Map<string, Promise<string>>();
  readonly #labels = new Map<string, string>();
  #fetching = 0;
  #onChange: (isFetching: boolean) => void = () => undefined;

  constructor(tree: TracedTree, fetcher: SourceFetcher | undefined) {
    this.#tree = tree;
    this.#fetcher = fetcher;
  }

  mount(source: RemoteSource, signal: AbortSignal): Promise<string> {
    const key = JSON.stringify(source);
    const running = this.#mounted.get(key) ?? this.#mount(source, signal);
    this.#mounted.set(key, running);
    return running;
  }

  async find(source: RemoteSource, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.mount(source, signal);
    } catch (error) {
      if (source.kind !== "file" || !isNotFound(error)) throw error;
      this.#tree.missRemote(source);
      return undefined;
    }
  }

  whileFetching(listener: (isFetching: boolean) => void): void {
    this.#onChange = listener;
  }

  describe(text: string): string {
    return text.replaceAll(mountReference, (path, name: string) => this.#labels.get(path) ?? `$${name}`);
  }

  async #mount(source: RemoteSource, signal: AbortSignal): Promise<string> {
    const label = labelOf(source);
    const fetched = await this.#fetch(source, label, signal);
    const digest = createHash("sha256").update(`${source.kind}\0${fetched.id}`).digest("hex");
    const path = this.#tree.mountRemote(source, fetched, `r.${digest.slice(0, 32)}`);
    this.#labels.set(path, label);
    if (source.kind !== "file") return path;
    const [file] = (await this.#tree.listCovered(path, signal)) ?? [];
    if (file?.type !== "file") throw new MooringError("RENDER_INVALID", `${label}: is not one file`);
    return `${path}/${file.name}`;
  }

  async #fetch(source: RemoteSource, label: string, signal: AbortSignal): Promise<FetchedSource> {
    if (this.#fetcher === undefined) {
      throw new MooringError(
        "RENDER_UNSUPPORTED",
        `${label}: remote sources cannot be fetched here; put a copy into the repository`,
      );
    }
    if (this.#mounted.size >= maxMounts) {
      throw new MooringError(
        "RENDER_TOO_LARGE",
        `${label}: more than ${maxMounts} remote sources in one render`,
      );
    }
    this.#fetching += 1;
    if (this.#fetching === 1) this.#onChange(true);
    try {
      return await this.#fetcher.fetch(source, signal);
    } finally {
      this.#fetching -= 1;
      if (this.#fetching === 0) this.#onChange(false);
    }
  }
}

const mountReference = /\.git\/mounts\/([\w.-]+)/g;

/** For messages: without what a URL may hold of credentials. */
function labelOf(source: RemoteSource): string {
  switch (source.kind) {
    case "git":
      return `${stripUrl(source.url)}@${source.revision === "" ? "HEAD" : source.revision}`;
    case "chart":
      return `chart ${source.name} ${source.version}`.trimEnd();
    case "artifact":
      return `${stripUrl(source.url)}@${source.revision}`;
    case "file":
      return stripUrl(source.url);
    default:
      throw new Error(`unhandled source: ${JSON.stringify(source satisfies never)}`);
  }
}

/** A URL without what may be a credential in it. */
export function stripUrl(url: string): string {
  return url.replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*@/i, "$1").replace(/[?#].*$/s, "");
}

/** True when the source's own text may hold a credential, so that it must not be written to a disk. */
export function mayHoldCredentials(source: RemoteSource): boolean {
  const url = source.kind === "chart" ? source.repository : source.url;
  return /^https?:\/\/[^/@]*@|^[^/]*:\/\/[^/@]*:[^/@]*@|\?/i.test(url);
}

import { createGzip } from "node:zlib";
import { isAbortError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { AskOptions, ListedChart } from "#ports/registry.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import { SharedWork } from "#runtime/shared-work.ts";
import { sortVersions } from "#runtime/version-range.ts";
import type { RegistryContext } from "../context.ts";
import { authorizationOf } from "../http/authorization.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { isSameServer, serverOf } from "../http/origin.ts";
import { pipeBody } from "../http/read-body.ts";
import { chartError, quoted, subjectOf } from "../registry-error.ts";
import { indexUrlOf } from "./chart-urls.ts";
import type { FoundChart } from "./find-chart.ts";
import type { IndexEntry } from "./index-entry.ts";
import type { IndexReader } from "./index-reader.ts";
import { IndexUnreadable } from "./index-reader.ts";

/** An index as it was fetched, compressed; what was found in it, by chart. */
interface HelmIndex {
  readonly packed: Buffer;
  /** Lets the server say that nothing changed; gone once the index could not be read, so that it is fetched anew. */
  validators: Readonly<Record<string, string>>;
  readonly found: Map<string, SharedWork<FoundChart>>;
  /** Digests of archives of which the index does not tell any, by chart and version. */
  readonly digests: Map<string, SharedWork<string>>;
}

/** A chart's versions with the digests that became known. */
export interface ChartEntries {
  readonly entries: readonly IndexEntry[];
  readonly digests: Map<string, SharedWork<string>>;
}

function validatorsOf({ headers }: HttpAnswer): Readonly<Record<string, string>> {
  const { etag, "last-modified": modified } = headers;
  if (etag !== undefined) return { "if-none-match": etag };
  return modified === undefined ? {} : { "if-modified-since": modified };
}

function notAnIndex(subject: ReturnType<typeof subjectOf>): Error {
  return chartError("CHART_INVALID", subject, {
    text: "what the repository gives as index.yaml is no index of charts; correct the URL",
  });
}

/** The indexes of Helm repositories: fetched once for all who ask, again only when they changed, searched in threads. */
export class HelmIndexes {
  readonly #context: RegistryContext;
  readonly #reader: IndexReader;
  readonly #answers: SharedAnswers<HelmIndex>;

  constructor(context: RegistryContext, reader: IndexReader) {
    const { clock, limits, signal } = context;
    this.#context = context;
    this.#reader = reader;
    this.#answers = new SharedAnswers({
      clock,
      failureMemoryMs: limits.failureMemoryMs,
      sizeOf: ({ packed }) => packed.length,
      maxBytes: limits.indexCacheBytes,
      signal,
    });
  }

  /** Throws CHART_NOT_FOUND for a chart that the repository does not have. */
  async entriesOf(access: RegistryAccess, name: string, options: AskOptions): Promise<ChartEntries> {
    const index = await this.#ask(access, options);
    const found = await this.#find(access, index, { name, signal: options.signal });
    const subject = subjectOf(access, `chart ${quoted(name)}`);
    switch (found) {
      case "missing":
        throw chartError("CHART_NOT_FOUND", subject, {
          text: "the repository has no chart of this name; correct spec.source.chart",
        });
      case "not-an-index":
        throw notAnIndex(subject);
      case "too-large":
        throw chartError("CHART_TOO_LARGE", subject, {
          text: "its entries in the index are too large to be read; remove old versions",
        });
      default:
        return { entries: found, digests: index.digests };
    }
  }

  /** Every chart, by name. */
  async list(access: RegistryAccess, options: AskOptions): Promise<readonly ListedChart[]> {
    const index = await this.#ask(access, options);
    const listed = await this.#read(access, index, () => this.#reader.list(index.packed, options.signal));
    if (listed === "too-large") {
      throw chartError("CHART_TOO_LARGE", subjectOf(access), {
        text: "its index is too large to list every chart; ask for one by name",
      });
    }
    if (listed === "not-an-index") throw notAnIndex(subjectOf(access));
    return listed.map(({ name, versions }) => ({ name, versions: sortVersions(versions) }));
  }

  /** Asks now whether there is an index. */
  async test(access: RegistryAccess, signal: AbortSignal): Promise<void> {
    this.#answers.forgetFailure(this.#context.keys.of(access, "index"));
    const index = await this.#ask(access, { maxAgeMs: 0, signal });
    // No chart has an empty name: this only tells whether it is an index.
    const found = await this.#find(access, index, { name: "", signal });
    if (found !== "not-an-index") return;
    throw chartError("CHART_INVALID", subjectOf(access), {
      text: "what it gives as index.yaml is no index of charts; correct the URL, or use --type git or oci",
    });
  }

  async #ask(access: RegistryAccess, { maxAgeMs, signal }: AskOptions): Promise<HelmIndex> {
    const key = this.#context.keys.of(access, "index");
    return await this.#answers.ask({
      key,
      maxAgeMs,
      signal,
      ask: async (shared, onStart) => {
        onStart();
        return await this.#fetch(access, this.#answers.known(key), shared);
      },
    });
  }

  async #fetch(
    access: RegistryAccess,
    known: HelmIndex | undefined,
    signal: AbortSignal,
  ): Promise<HelmIndex> {
    const { client, limits } = this.#context;
    const subject = subjectOf(access, "index");
    const authorization = authorizationOf(access.credentials);
    const server = serverOf(access);
    const question = {
      access,
      subject,
      url: indexUrlOf(access.url),
      headers: { "accept-encoding": "gzip", ...known?.validators },
      authorize: (url: URL) => (isSameServer(server, url) ? authorization : undefined),
      answers: known === undefined ? [] : [304],
      signal,
    };
    return await client.get(question, async (answer) => {
      if (answer.status === 304 && known !== undefined) return known;
      const limit = { maxBytes: limits.maxIndexBytes, subject, what: "the index" };
      const packed = await pipeBody(answer, limit, createGzip({ level: 1 }));
      return { packed, validators: validatorsOf(answer), found: new Map(), digests: new Map() };
    });
  }

  async #find(
    access: RegistryAccess,
    index: HelmIndex,
    { name, signal }: { readonly name: string; readonly signal: AbortSignal },
  ): Promise<FoundChart> {
    const known = index.found.get(name);
    const work =
      known === undefined || known.cancelled
        ? new SharedWork(
            async (shared) => await this.#reader.find(index.packed, name, shared),
            this.#context.signal,
          )
        : known;
    index.found.set(name, work);
    return await this.#read(access, index, () => work.join(signal));
  }

  async #read<T>(access: RegistryAccess, index: HelmIndex, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (isAbortError(error)) throw error;
      index.validators = {};
      const why = error instanceof IndexUnreadable ? error.message : "its reader failed";
      const text = `the index cannot be read: ${why}; make it smaller`;
      throw chartError("CHART_INVALID", subjectOf(access), { text, cause: error });
    }
  }
}

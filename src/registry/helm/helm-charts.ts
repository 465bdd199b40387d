import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { AskOptions, ChartName, ChartVersion, ResolvedChart } from "#ports/registry.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { SharedWork } from "#runtime/shared-work.ts";
import { highestVersion, sortVersions } from "#runtime/version-range.ts";
import { sha256Of } from "../archive/archive-files.ts";
import type { RegistryContext } from "../context.ts";
import { authorizationOf } from "../http/authorization.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { isSameServer, serverOf } from "../http/origin.ts";
import type { BodyLimit } from "../http/read-body.ts";
import { readBody } from "../http/read-body.ts";
import type { OciCharts } from "../oci/oci-charts.ts";
import type { Subject } from "../registry-error.ts";
import { chartError, quoted, shownUrl, subjectOf } from "../registry-error.ts";
import { chartUrlsOf } from "./chart-urls.ts";
import type { ChartEntries, HelmIndexes } from "./helm-index.ts";
import type { IndexEntry } from "./index-entry.ts";

interface Download {
  readonly access: RegistryAccess;
  readonly chart: ChartName;
  readonly entry: IndexEntry;
  readonly signal: AbortSignal;
}

/** What is asked for at a chart's URL, and how the answer is read. */
interface Reading<T> {
  readonly subject: Subject;
  readonly answers: readonly number[];
  readonly read: (answer: HttpAnswer, limit: BodyLimit) => Promise<T>;
}

/** Charts of repositories with an `index.yaml`. */
export class HelmCharts {
  readonly #context: RegistryContext;
  readonly #indexes: HelmIndexes;
  readonly #oci: OciCharts;

  constructor(context: RegistryContext, indexes: HelmIndexes, oci: OciCharts) {
    this.#context = context;
    this.#indexes = indexes;
    this.#oci = oci;
  }

  async resolve(access: RegistryAccess, chart: ChartName, options: AskOptions): Promise<ResolvedChart> {
    const { entries, digests } = await this.#indexes.entriesOf(access, chart.name, options);
    const version = highestVersion(
      chart.version,
      entries.map((entry) => entry.version),
    );
    const entry = entries.find((one) => one.version === version);
    if (version === undefined || entry === undefined) throw noVersion(access, chart);
    const { name } = chart;
    if (entry.digest !== undefined) return { name, version, digest: entry.digest };
    const digest = await this.#digestOf({ access, chart: { name, version }, entry, digests }).join(
      options.signal,
    );
    return { name, version, digest };
  }

  /** The digest of an archive of which the index does not tell any: fetched once, kept for opening it. */
  #digestOf(wanted: Omit<Download, "signal"> & Pick<ChartEntries, "digests">): SharedWork<string> {
    const { access, chart, entry, digests } = wanted;
    const key = `${chart.name} ${chart.version}`;
    const known = digests.get(key);
    if (known !== undefined && !known.cancelled) return known;
    const work: SharedWork<string> = new SharedWork(async (signal) => {
      try {
        const archive = await this.#download({ access, chart, entry, signal });
        return await this.#context.store.keep((found) => this.#nameOf(access, found), archive);
      } catch (error) {
        if (digests.get(key) === work) digests.delete(key);
        throw error;
      }
    }, this.#context.signal);
    digests.set(key, work);
    return work;
  }

  async open(access: RegistryAccess, chart: ResolvedChart, signal: AbortSignal): Promise<SourceTree> {
    const { store, keys, limits } = this.#context;
    const { digest } = chart;
    const subject = subjectOf(access, `chart ${chart.name} ${chart.version}`);
    const make = async (shared: AbortSignal) => {
      const fetch = async () => await this.#fetch(access, chart, shared);
      const archive = await store.bytes(this.#nameOf(access, digest), digest, fetch);
      return await store.unpack(archive, {
        compression: "gzip",
        strip: true,
        subject,
        revision: digest,
        limits,
        signal: shared,
      });
    };
    return await store.tree(keys.of(access, "tree", digest), make, signal);
  }

  async versions(
    access: RegistryAccess,
    name: string,
    options: AskOptions,
  ): Promise<readonly ChartVersion[]> {
    const { entries } = await this.#indexes.entriesOf(access, name, options);
    const byVersion = new Map(entries.toReversed().map((entry) => [entry.version, entry]));
    return sortVersions([...byVersion.keys()]).flatMap((version) => {
      const entry = byVersion.get(version);
      if (entry === undefined) return [];
      const { appVersion, created, deprecated } = entry;
      return [
        {
          version,
          deprecated,
          ...(appVersion !== undefined && { appVersion }),
          ...(created !== undefined && { created }),
        },
      ];
    });
  }

  #nameOf(access: RegistryAccess, digest: string): string {
    return this.#context.keys.of(access, "archive", digest);
  }

  /** The archive of a chart that was resolved before; an index of any age knows where it is. */
  async #fetch(access: RegistryAccess, chart: ResolvedChart, signal: AbortSignal): Promise<Buffer> {
    const options = { maxAgeMs: Number.POSITIVE_INFINITY, signal };
    const { entries } = await this.#indexes.entriesOf(access, chart.name, options);
    const entry = entries.find((one) => one.version === chart.version);
    if (entry === undefined) throw noVersion(access, chart);
    const archive = await this.#download({
      access,
      chart,
      entry: { ...entry, digest: chart.digest },
      signal,
    });
    return archive;
  }

  /** Tries each URL; when all fail the first failure tells most. */
  async #download(download: Download): Promise<Buffer> {
    const { access, chart, entry } = download;
    const subject = subjectOf(access, `chart ${chart.name} ${chart.version}`);
    const urls = chartUrlsOf(access.url, entry);
    let failure: unknown;
    for (const url of urls) {
      try {
        return await this.#downloadFrom(url, download, subject);
      } catch (error) {
        if (isAbortError(error) || !isMooringError(error)) throw error;
        failure ??= error;
      }
    }
    const text = "the index names no URL for it that could be used; publish the index anew";
    throw failure ?? chartError("CHART_INVALID", subject, { text });
  }

  async #downloadFrom(url: URL, download: Download, subject: Subject): Promise<Buffer> {
    const { access, entry, signal } = download;
    const archive =
      url.protocol === "oci:"
        ? await this.#oci.archiveAt(url, access, signal)
        : await this.#get(url, download, subject);
    const digest = sha256Of(archive);
    if (entry.digest === undefined || entry.digest === digest) {
      if (url.protocol !== "oci:") await this.#verify(url, download, { subject, digest });
      return archive;
    }
    const text = `what is at ${shownUrl(url.href)} has the digest ${digest}, the index says ${entry.digest}; publish the index anew`;
    throw chartError("CHART_INVALID", subject, { text });
  }

  async #verify(
    url: URL,
    download: Download,
    archive: { readonly subject: Subject; readonly digest: string },
  ): Promise<void> {
    const { provenance } = this.#context;
    if (provenance === undefined) return;
    const { name, version } = download.chart;
    const signature = new URL(url);
    signature.pathname += ".prov";
    const names = [url.pathname.split("/").at(-1) ?? "", `${name}-${version}.tgz`];
    const file = await this.#ask(signature, download, {
      subject: { ...archive.subject, text: `${archive.subject.text}: provenance file` },
      answers: [404, 410],
      read: async (answer, limit) =>
        answer.status === 200 ? await readBody(answer, { ...limit, what: "the provenance file" }) : undefined,
    });
    await provenance.check(file, { ...archive, names });
  }

  async #get(url: URL, download: Download, subject: Subject): Promise<Buffer> {
    return await this.#ask(url, download, { subject, answers: [], read: readBody });
  }

  async #ask<T>(
    url: URL,
    { access, entry, signal }: Download,
    { subject, answers, read }: Reading<T>,
  ): Promise<T> {
    const server = serverOf(access);
    const losesTls = server.protocol === "https:" && url.protocol === "http:";
    if (losesTls && entry.digest === undefined) {
      const text = `the index leads from https to http at ${url.host} and has no digest to check; publish it with https URLs`;
      throw chartError("CHART_REFUSED", subject, { text });
    }
    const authorization = authorizationOf(access.credentials);
    const mayKnow = (hop: URL) =>
      isSameServer(server, hop) || (access.passCredentials && !losesTls && isSameServer(url, hop));
    const question = {
      access,
      subject,
      url,
      authorize: (hop: URL) => (mayKnow(hop) ? authorization : undefined),
      answers,
      signal,
    };
    const limit = { maxBytes: this.#context.limits.maxArchiveBytes, subject, what: "the archive" };
    return await this.#context.client.get(question, async (answer) => await read(answer, limit));
  }
}

function noVersion(access: RegistryAccess, chart: ChartName): Error {
  const text = `no version matches ${quoted(chart.version)}; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")`;
  return chartError("CHART_NOT_FOUND", subjectOf(access, `chart ${quoted(chart.name)}`), { text });
}

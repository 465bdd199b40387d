import type { RegistryAccess } from "#core/repo/index.ts";
import type {
  AskOptions,
  ChartName,
  ChartVersion,
  ResolvedArtifact,
  ResolvedChart,
} from "#ports/registry.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import { highestVersion, isVersionRange, sortVersions } from "#runtime/version-range.ts";
import type { RegistryContext } from "../context.ts";
import { chartError, quoted } from "../registry-error.ts";
import type { ContentLayer } from "./manifest.ts";
import { annotationsOf, contentLayerOf, isDigest } from "./manifest.ts";
import type { OciRepository } from "./oci-client.ts";
import { OciClient, repositoryOf } from "./oci-client.ts";

/** A whole version: it can only be the tag of this name. */
const wholeVersion = /^v?\d+\.\d+\.\d+(?:[-+].*)?$/;

/** Tags cannot hold `+`, so that Helm writes `_` for it. */
function tagOf(version: string): string {
  return version.replaceAll("+", "_");
}

function versionOf(tag: string): string {
  return tag.replaceAll("_", "+");
}

/** Charts and other artifacts of OCI registries. */
export class OciCharts {
  readonly #context: RegistryContext;
  readonly #client: OciClient;
  readonly #tags: SharedAnswers<readonly string[]>;
  readonly #digests: SharedAnswers<string>;

  constructor(context: RegistryContext, client = new OciClient(context)) {
    const { clock, limits, signal } = context;
    const options = { clock, failureMemoryMs: limits.failureMemoryMs, signal };
    this.#context = context;
    this.#client = client;
    this.#tags = new SharedAnswers({
      ...options,
      sizeOf: (tags) => tags.length * 50,
      maxBytes: limits.indexCacheBytes,
    });
    this.#digests = new SharedAnswers(options);
  }

  async test(access: RegistryAccess, signal: AbortSignal): Promise<void> {
    await this.#client.ping(access, signal);
  }

  async resolve(access: RegistryAccess, chart: ChartName, options: AskOptions): Promise<ResolvedChart> {
    const { name } = chart;
    const wanted = chart.version.trim();
    const repository = repositoryOf(access, { name, what: `chart ${quoted(name)}` });
    const version = wholeVersion.test(wanted) ? wanted : await this.#highest(repository, wanted, options);
    return { name, version, digest: await this.#digestOf(repository, tagOf(version), options) };
  }

  async open(access: RegistryAccess, chart: ResolvedChart, signal: AbortSignal): Promise<SourceTree> {
    const { name, version, digest } = chart;
    const repository = repositoryOf(access, { name, what: `chart ${name} ${version}` });
    return await this.#open(repository, digest, signal);
  }

  async versions(
    access: RegistryAccess,
    name: string,
    options: AskOptions,
  ): Promise<readonly ChartVersion[]> {
    const repository = repositoryOf(access, { name, what: `chart ${quoted(name)}` });
    const tags = await this.#tagsOf(repository, options);
    return sortVersions(tags.map(versionOf)).map((version) => ({ version, deprecated: false }));
  }

  async listTags(access: RegistryAccess, options: AskOptions): Promise<readonly string[]> {
    return (await this.#tagsOf(repositoryOf(access, {}), options)).toSorted();
  }

  async resolveArtifact(
    access: RegistryAccess,
    revision: string,
    options: AskOptions,
  ): Promise<ResolvedArtifact> {
    const wanted = revision.trim() === "" ? "latest" : revision.trim();
    const repository = repositoryOf(access, {});
    if (isDigest(wanted)) return { digest: wanted };
    const isTag = !isVersionRange(wanted);
    const tag = isTag ? wanted : tagOf(await this.#highest(repository, wanted, options));
    return { digest: await this.#digestOf(repository, tagOf(tag), options), tag: tagOf(tag) };
  }

  async digestOf(access: RegistryAccess, tag: string, signal: AbortSignal): Promise<string> {
    return (await this.#client.manifest(repositoryOf(access, {}), tag, signal)).digest;
  }

  async openArtifact(access: RegistryAccess, digest: string, signal: AbortSignal): Promise<SourceTree> {
    return await this.#open(repositoryOf(access, { what: digest.slice(0, 19) }), digest, signal);
  }

  async readAnnotations(
    access: RegistryAccess,
    digest: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>> {
    const repository = repositoryOf(access, { what: digest.slice(0, 19) });
    return annotationsOf(await this.#manifest(repository, digest, signal));
  }

  /** The archive of a chart that the index of a Helm repository places in a registry: `oci://host/path:tag`. */
  async archiveAt(url: URL, from: RegistryAccess, signal: AbortSignal): Promise<Buffer> {
    const [, path = "", reference = "latest"] = /^(.*?)[:@]([^/]+)$/.exec(url.pathname) ?? [];
    const isSameHost = new URL(from.url).host === url.host;
    const access: RegistryAccess = {
      ...from,
      kind: "oci",
      url: `oci://${url.host}${path}`,
      ...(!isSameHost && { credentials: { kind: "none" }, insecureSkipVerify: false, mayBeInternal: false }),
      forceHttp: false,
    };
    const repository = repositoryOf(access, { what: quoted(reference) });
    const { digest } = await this.#client.manifest(repository, reference, signal);
    return (await this.#layer(repository, digest, signal)).content;
  }

  async #highest(repository: OciRepository, range: string, options: AskOptions): Promise<string> {
    const tags = await this.#tagsOf(repository, options);
    const found = highestVersion(range, tags.map(versionOf));
    if (found !== undefined) return found;
    const text = `no tag matches ${quoted(range)}; correct spec.source.targetRevision (pre-releases match only a range that has one, such as ">=1.0.0-0")`;
    throw chartError("CHART_NOT_FOUND", repository.subject, { text });
  }

  async #tagsOf(repository: OciRepository, { maxAgeMs, signal }: AskOptions): Promise<readonly string[]> {
    return await this.#tags.ask({
      key: this.#context.keys.of(repository.access, "tags", repository.path),
      maxAgeMs,
      signal,
      ask: async (shared, onStart) => {
        onStart();
        return await this.#client.tags(repository, shared);
      },
    });
  }

  async #digestOf(repository: OciRepository, tag: string, { maxAgeMs, signal }: AskOptions): Promise<string> {
    return await this.#digests.ask({
      key: this.#context.keys.of(repository.access, "tag", repository.path, tag),
      maxAgeMs,
      signal,
      ask: async (shared, onStart) => {
        onStart();
        const { digest, content } = await this.#client.manifest(repository, tag, shared);
        // Says at once what is wrong with it, and opening it needs one request less.
        contentLayerOf(content, repository.subject);
        return await this.#context.store
          .keep((found) => this.#nameOf(repository, found), content)
          .then(() => digest);
      },
    });
  }

  async #open(repository: OciRepository, digest: string, signal: AbortSignal): Promise<SourceTree> {
    const { store, keys, limits } = this.#context;
    if (!isDigest(digest)) {
      throw chartError("CHART_NOT_FOUND", repository.subject, {
        text: `${quoted(digest)} is no sha256 digest`,
      });
    }
    const make = async (shared: AbortSignal) => {
      const { layer, content } = await this.#layer(repository, digest, shared);
      return await store.unpack(content, {
        compression: layer.compression,
        strip: layer.isChart,
        subject: repository.subject,
        revision: digest,
        limits,
        signal: shared,
      });
    };
    return await store.tree(keys.of(repository.access, "tree", repository.path, digest), make, signal);
  }

  async #manifest(repository: OciRepository, digest: string, signal: AbortSignal): Promise<Buffer> {
    return await this.#context.store.bytes(this.#nameOf(repository, digest), digest, async () => {
      const fetched = await this.#client.manifest(repository, digest, signal);
      return fetched.content;
    });
  }

  async #layer(
    repository: OciRepository,
    digest: string,
    signal: AbortSignal,
  ): Promise<{ readonly layer: ContentLayer; readonly content: Buffer }> {
    const { store } = this.#context;
    const manifest = await this.#manifest(repository, digest, signal);
    const layer = contentLayerOf(manifest, repository.subject);
    const fetch = async () => {
      const content = await this.#client.blob(repository, layer, signal);
      await this.#verify(repository, layer, signal);
      return content;
    };
    return { layer, content: await store.bytes(this.#nameOf(repository, layer.digest), layer.digest, fetch) };
  }

  /** A chart's provenance file lists it as Helm would have packaged it. */
  async #verify(repository: OciRepository, layer: ContentLayer, signal: AbortSignal): Promise<void> {
    const { provenance } = this.#context;
    if (provenance === undefined || !layer.isChart) return;
    const file =
      layer.provenance === undefined
        ? undefined
        : await this.#client.blob(repository, layer.provenance, signal);
    const { subject } = repository;
    await provenance.check(file, { names: "any", digest: layer.digest, subject });
  }

  #nameOf(repository: OciRepository, digest: string): string {
    return this.#context.keys.of(repository.access, "blob", repository.path, digest);
  }
}

import { join } from "node:path";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { AskOptions, Registry, ResolvedArtifact, ResolvedChart } from "#ports/registry.ts";
import { KnownAnswers } from "#runtime/known-answers.ts";
import { silentLog } from "#runtime/log.ts";
import { AccessKeys } from "./access-keys.ts";
import { ArchiveFiles } from "./archive/archive-files.ts";
import { ArchiveStore } from "./archive/archive-store.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { RegistryContext } from "./context.ts";
import { HelmCharts } from "./helm/helm-charts.ts";
import { HelmIndexes } from "./helm/helm-index.ts";
import { Provenance } from "./helm/provenance.ts";
import { IndexReader } from "./helm/index-reader.ts";
import { HttpClient } from "./http/http-client.ts";
import { OciCharts } from "./oci/oci-charts.ts";
import { OciClient } from "./oci/oci-client.ts";
import { OciImages } from "./oci/oci-images.ts";
import type { RegistryOptions } from "./options.ts";
import { resolveRegistryLimits } from "./options.ts";
import { shownUrl } from "./registry-error.ts";
import { RemoteFiles } from "./remote-files.ts";

/** Opens the caches and starts the adapter; nothing is asked yet. Throws CONFIG_INVALID for a limit that makes no sense. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const limits = resolveRegistryLimits(options.limits);
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const { clock } = options;
  const provenance =
    options.provenance === undefined ? undefined : await Provenance.open(options.provenance, clock);
  const keys = await AccessKeys.open(options.directory, provenance?.policy ?? "");
  const log = options.log ?? silentLog;
  const files = await ArchiveFiles.open(join(options.directory, "archives"), {
    maxBytes: limits.diskCacheBytes,
    log,
  });
  const client = new HttpClient({
    ...limits,
    internalHosts: (options.internalHosts ?? []).map((host) => host.toLowerCase()),
    environment: options.environment ?? {},
  });
  const store = new ArchiveStore(files, new BoundedMap(limits.treeCacheBytes), signal);
  const reader = new IndexReader({ maxIndexBytes: limits.maxIndexBytes, timeoutMs: limits.parseTimeoutMs });
  const known = await KnownAnswers.open(join(options.directory, "answers"), { maxAnswers, log });
  const context = { client, keys, store, known, provenance, limits, clock, signal };
  return compose(context, reader, async () => {
    ended.abort();
    client[Symbol.dispose]();
    await reader[Symbol.asyncDispose]();
  });
}

function compose(context: RegistryContext, reader: IndexReader, dispose: () => Promise<void>): Registry {
  const client = new OciClient(context);
  const oci = new OciCharts(context, client);
  const images = new OciImages(client);
  const indexes = new HelmIndexes(context, reader);
  const helm = new HelmCharts(context, indexes, oci);
  const files = new RemoteFiles(context);
  const charts = (access: RegistryAccess) => (access.kind === "oci" ? oci : helm);
  return {
    resolveChart: async (access, chart, options) =>
      await orKnown(context, {
        name: context.keys.of(access, "answer", chart.name, chart.version),
        ask: () => charts(expect(access, "helm", "oci")).resolve(access, chart, options),
        options,
      }),
    openChart: async (access, chart, signal) =>
      await charts(expect(access, "helm", "oci")).open(access, chart, signal),
    readVersions: async (access, name, options) =>
      await charts(expect(access, "helm", "oci")).versions(access, name, options),
    listCharts: async (access, options) => await indexes.list(expect(access, "helm"), options),
    listTags: async (access, options) => await oci.listTags(expect(access, "oci"), options),
    resolveArtifact: async (access, revision, options) =>
      await orKnown(context, {
        name: context.keys.of(access, "answer", revision),
        ask: () => oci.resolveArtifact(expect(access, "oci"), revision, options),
        options,
      }),
    digestOf: async (access, tag, signal) => await oci.digestOf(expect(access, "oci"), tag, signal),
    readImage: async (access, reference, options) =>
      await images.read(expect(access, "oci"), reference, options),
    listSignatures: async (access, digest, signal) =>
      await images.signatures(expect(access, "oci"), digest, signal),
    openArtifact: async (access, digest, signal) =>
      await oci.openArtifact(expect(access, "oci"), digest, signal),
    readAnnotations: async (access, digest, signal) =>
      await oci.readAnnotations(expect(access, "oci"), digest, signal),
    openFile: async (access, options) => await files.open(expect(access, "file"), options),
    test: async (access, signal) => {
      if (access.kind === "oci") await oci.test(access, signal);
      else if (access.kind === "helm") await indexes.test(access, signal);
      else await files.open(access, { maxAgeMs: 0, signal });
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** Versions and digests, about 200 bytes each. */
const maxAnswers = 10_000;
const outages = ["CHART_UNREACHABLE", "CHART_TIMEOUT"] as const;

function orKnown<T extends ResolvedChart | ResolvedArtifact>(
  { known }: RegistryContext,
  {
    name,
    ask,
    options,
  }: { readonly name: string; readonly ask: () => Promise<T>; readonly options: AskOptions },
): Promise<T> {
  const excuses = (error: unknown) =>
    options.orKnown === true && outages.some((code) => isMooringError(error, code));
  return known.ask({ name, ask, excuses });
}

function expect(access: RegistryAccess, ...kinds: readonly RegistryAccess["kind"][]): RegistryAccess {
  if (kinds.includes(access.kind)) return access;
  const key = shownUrl(access.url);
  const text = `repository ${key}: is of kind ${access.kind}, which has no ${kinds.includes("file") ? "file" : "chart or artifact"}; correct its URL`;
  throw new MooringError("CONFIG_INVALID", text, { key });
}

import { createHash, createHmac } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { Renderer, RenderRequest, RenderResult, RenderTool } from "#ports/renderer.ts";
import { createDataKeyAnswers } from "./answer-data-key.ts";
import type { FileAnswers } from "./answer-files.ts";
import { createFileAnswers } from "./answer-files.ts";
import { openDiskCache } from "./disk-cache.ts";
import type { EngineModules } from "./engine-modules.ts";
import { openEngineModules } from "./engine-modules.ts";
import { Flights } from "./flights.ts";
import { findNativeProgram } from "./native-program.ts";
import type { RendererOptions, ResolvedRendererOptions } from "./options.ts";
import { resolveRendererOptions } from "./options.ts";
import type { RenderPool } from "./pool.ts";
import { startPool } from "./pool.ts";
import type { Rendered } from "./protocol.ts";
import { RenderCache } from "./render-cache.ts";
import type { RenderTask } from "./render-worker.ts";
import { RenderFailed } from "./render-worker.ts";
import { openSourceView } from "./source-view.ts";

/**
 * Part of every cache key: raise it when the same files may give other objects, or when the form of traces changes. The
 * digest of the engine stands beside it.
 */
const rendererVersion = "3";

/**
 * Starts the render threads and opens the cache. Results share memory with the cache: never write to `manifests`. Throws
 * CONFIG_INVALID for options out of range, CONFIG_NOT_FOUND when a native engine is demanded and there is none.
 */
export async function startRenderer(options: RendererOptions = {}): Promise<Renderer> {
  const resolved = resolveRendererOptions(options);
  const { cacheDirectory: directory, cacheMaxBytes: maxBytes, log, memoryMaxBytes, limits } = resolved;
  const disk = directory === undefined ? undefined : await openDiskCache({ directory, maxBytes, log });
  const modules = await openEngineModules({
    directory: resolved.engineDirectory,
    maxEngineMemoryMb: limits.maxEngineMemoryMb,
  });
  const nativeProgram = await findNativeProgram(resolved, modules.digestOf("render"));
  const pool = startPool(resolved.workers, { limits, modules, nativeProgram });
  return new TracingRenderer({
    options: resolved,
    cache: new RenderCache({ disk, memoryMaxBytes }),
    modules,
    pool,
  });
}

interface Parts {
  readonly options: ResolvedRendererOptions;
  readonly cache: RenderCache;
  readonly modules: EngineModules;
  readonly pool: RenderPool;
}

class TracingRenderer implements Renderer {
  readonly #options: ResolvedRendererOptions;
  readonly #cache: RenderCache;
  readonly #modules: EngineModules;
  readonly #pool: RenderPool;
  readonly #flights = new Flights<RenderResult>();

  constructor({ options, cache, modules, pool }: Parts) {
    this.#options = options;
    this.#cache = cache;
    this.#modules = modules;
    this.#pool = pool;
  }

  async render(request: RenderRequest): Promise<RenderResult> {
    const key = this.#keyOf(request);
    const keys = (await request.dataKeys?.identity()) ?? "";
    const revisions = (request.mounts ?? []).map(({ tree }) => tree.revision);
    const { value } = await this.#flights.join(
      // Who has other private keys must not get what these decrypt.
      [key, keys, request.tree.revision, ...revisions].join("@"),
      (signal) => this.#renderOnce({ key, keys }, { ...request, signal }),
      AbortSignal.any([request.signal, this.#options.signal]),
    );
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  #keyOf(request: RenderRequest): string {
    const { repositoryUrl, path, source, scope = "", mounts = [], substitution } = request;
    const { timeoutMs: _, maxMemoryMb: __, maxEngineMemoryMb: ___, ...limits } = this.#options.limits;
    const digest = this.#modules.digestOf(source.tool === "directory" ? "jsonnet" : "render");
    const names = mounts.map(({ name }) => name);
    const variables = substitution && [
      sortFields(Object.fromEntries(substitution.variables)),
      substitution.strict,
    ];
    const inputs = [scope, repositoryUrl, path, sortFields(source), names, variables ?? null];
    const parts = JSON.stringify([rendererVersion, digest, ...inputs, limits]);
    return createHash("sha256").update(parts).digest("hex");
  }

  async #renderOnce({ key, keys }: CacheKeys, request: RenderRequest): Promise<RenderResult> {
    const { tree, path, mounts, fetcher, signal } = request;
    const view = openSourceView(tree, mounts);
    const hit = await this.#cache.find(key, { view, path, keys, fetcher, signal });
    if (hit?.kind === "failed") throw new MooringError(hit.code, hit.message);
    if (hit !== undefined) return resultOf(hit.rendered, true);
    const root = await view.stat(path, signal);
    const dataKeys = createDataKeyAnswers(request.dataKeys, keys);
    const outside = this.#outsideOf(request);
    const files = createFileAnswers({ view, root, fetcher, dataKeys, outside, limits: this.#options.limits });
    try {
      const task = this.#taskOf(request, files);
      const rendered = describeOrigins(await this.#pool.run(task, task.tenant), files);
      const lasting = rendered.spentMs >= this.#options.persistAboveMs;
      await this.#cache.storeRendered(key, { trace: files.trace(), rendered, lasting });
      return resultOf(rendered, false);
    } catch (error) {
      if (!(error instanceof RenderFailed)) throw error;
      // A tool that is no function of its inputs may do better next time.
      if (isOutside(request.source)) throw error.failure;
      throw await this.#remember(key, files, error.failure);
    }
  }

  #outsideOf({ tree, path, source }: RenderRequest) {
    const { outside, limits } = this.#options;
    if (outside === undefined || (source.tool !== "plugin" && source.tool !== "kustomize")) return undefined;
    const { maxOutputBytes } = limits;
    return (signal: AbortSignal) => outside.run({ tree, path, source, maxOutputBytes, signal });
  }

  #taskOf(
    { tree, path, source, substitution, repositoryUrl, scope, signal }: RenderRequest,
    files: FileAnswers,
  ): RenderTask {
    const tenant = scope === undefined ? repositoryUrl : `${scope}\0${repositoryUrl}`;
    const release = source.tool === "helm" ? [source.releaseName, source.namespace] : [];
    const identity = JSON.stringify([tenant, path, source.tool, ...release]);
    const seed = createHmac("sha256", this.#options.seedSecret).update(identity).digest("hex");
    return { path, revision: tree.revision, source, files, substitution, tenant, seed, signal };
  }

  async #remember(key: string, files: FileAnswers, failure: MooringError): Promise<MooringError> {
    const { code } = failure;
    const message = files.describe(failure.message);
    // The message of a missing path names the revision, so it must not be repeated for another; a crash may pass.
    if (code !== "RENDER_PATH_NOT_FOUND" && code !== "RENDER_CRASHED") {
      await this.#cache.storeFailure(key, files.trace(), { kind: "failed", code, message });
    }
    return new MooringError(code, message, { cause: failure });
  }
}

function isOutside(source: RenderTool): boolean {
  return source.tool === "plugin" || (source.tool === "kustomize" && source.program !== undefined);
}

function describeOrigins(rendered: Rendered, files: FileAnswers): Rendered {
  return { ...rendered, origins: rendered.origins.map((origin) => files.describe(origin)) };
}

interface CacheKeys {
  readonly key: string;
  /** Identity of the private keys. */
  readonly keys: string;
}

function sortFields(source: object): [string, unknown][] {
  return Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function resultOf(rendered: Rendered, cached: boolean): RenderResult {
  const { digest, manifests, objectCount, origins, sourceType, secretPaths } = rendered;
  return {
    digest,
    manifests,
    objectCount,
    origins,
    sourceType,
    cached,
    ...(secretPaths === undefined ? {} : { secretPaths }),
  };
}

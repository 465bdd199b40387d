import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { Renderer, RenderRequest, RenderResult } from "#ports/renderer.ts";
import { createDataKeyAnswers } from "./answer-data-key.ts";
import { createFileAnswers } from "./answer-files.ts";
import { openDiskCache } from "./disk-cache.ts";
import { Flights } from "./flights.ts";
import type { RendererOptions, ResolvedRendererOptions } from "./options.ts";
import { resolveRendererOptions } from "./options.ts";
import type { RenderPool } from "./pool.ts";
import { startPool } from "./pool.ts";
import type { Rendered } from "./protocol.ts";
import { RenderCache } from "./render-cache.ts";
import { RenderFailed } from "./render-worker.ts";

/**
 * Part of every cache key: raise it when the same files may give other objects, or when the form of traces changes.
 * Engines that come later add their own digest.
 */
const engineVersion = "directory-2";

/**
 * Starts the render threads and opens the cache. Results share memory with the cache: never write to `manifests`. Throws
 * CONFIG_INVALID for options out of range.
 */
export async function startRenderer(options: RendererOptions = {}): Promise<Renderer> {
  const resolved = resolveRendererOptions(options);
  const { cacheDirectory: directory, cacheMaxBytes: maxBytes, log, memoryMaxBytes } = resolved;
  const disk = directory === undefined ? undefined : await openDiskCache({ directory, maxBytes, log });
  return new TracingRenderer(resolved, new RenderCache({ disk, memoryMaxBytes }));
}

class TracingRenderer implements Renderer {
  readonly #options: ResolvedRendererOptions;
  readonly #cache: RenderCache;
  readonly #pool: RenderPool;
  readonly #flights = new Flights<RenderResult>();

  constructor(options: ResolvedRendererOptions, cache: RenderCache) {
    this.#options = options;
    this.#cache = cache;
    this.#pool = startPool(options);
  }

  async render(request: RenderRequest): Promise<RenderResult> {
    const key = this.#keyOf(request);
    const keys = (await request.dataKeys?.identity()) ?? "";
    const { value } = await this.#flights.join(
      // Who has other private keys must not get what these decrypt.
      `${key}@${request.tree.revision}@${keys}`,
      (signal) => this.#renderOnce({ key, keys }, { ...request, signal }),
      AbortSignal.any([request.signal, this.#options.signal]),
    );
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  #keyOf({ repositoryUrl, path, source, substitution }: RenderRequest): string {
    const { timeoutMs: _, maxMemoryMb: __, ...limits } = this.#options.limits;
    const variables = substitution && [
      sortFields(Object.fromEntries(substitution.variables)),
      substitution.strict,
    ];
    const parts = JSON.stringify([
      engineVersion,
      repositoryUrl,
      path,
      sortFields(source),
      limits,
      ...(variables ?? []),
    ]);
    return createHash("sha256").update(parts).digest("hex");
  }

  async #renderOnce({ key, keys }: CacheKeys, request: RenderRequest): Promise<RenderResult> {
    const { tree, path, source, substitution, signal, repositoryUrl } = request;
    const hit = await this.#cache.find(key, { tree, path, keys, signal });
    if (hit?.kind === "failed") throw new MooringError(hit.code, hit.message);
    if (hit !== undefined) return resultOf(hit.rendered, true);
    const dataKeys = createDataKeyAnswers(request.dataKeys, keys);
    const files = createFileAnswers(tree, await tree.stat(path, signal), dataKeys);
    try {
      const task = { path, revision: tree.revision, source, files, substitution, signal };
      const rendered = await this.#pool.run(task, repositoryUrl);
      const lasting = rendered.spentMs >= this.#options.persistAboveMs;
      await this.#cache.storeRendered(key, { trace: files.trace(), rendered, lasting });
      return resultOf(rendered, false);
    } catch (error) {
      if (!(error instanceof RenderFailed)) throw error;
      const { code, message } = error.failure;
      // Its message names the revision, so it must not be repeated for another one.
      if (code !== "RENDER_PATH_NOT_FOUND") {
        await this.#cache.storeFailure(key, files.trace(), { kind: "failed", code, message });
      }
      throw error.failure;
    }
  }
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

import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { MooringError } from "#core/errors/index.ts";
import type { OutsideTools } from "#ports/outside-tools.ts";
import type { Log } from "#runtime/log.ts";
import { silentLog } from "#runtime/log.ts";
import type { ThreadLimits } from "./protocol.ts";

export interface RenderLimits extends ThreadLimits {
  /** For one render, its file reads included. */
  readonly timeoutMs: number;
  /** JavaScript heap of one render thread. */
  readonly maxMemoryMb: number;
}

export interface RendererOptions {
  /** Render threads; default: one per core. They start when first needed and stay warm. */
  readonly workers?: number;
  /** Where renders and traces outlive the process; without it they are kept in memory only. */
  readonly cacheDirectory?: string;
  /** Renders that took at least so much processor time outlive the process, default 50 ms: a small one is made as fast as it is read. */
  readonly persistAboveMs?: number;
  /** Bound of the cache directory, default 1 GiB. */
  readonly cacheMaxBytes?: number;
  /** Bound of the renders kept in memory, default 64 MiB. */
  readonly memoryMaxBytes?: number;
  readonly limits?: Partial<RenderLimits>;
  /** What renders charts and kustomizations: the native program, WebAssembly, or (auto, the default) the program where it is present. */
  readonly engine?: "auto" | "native" | "wasm";
  /** Where native programs are: `<digest>/mooring-render`. Without it there is none. */
  readonly nativeEngineDirectory?: string;
  /** Runs plugins and other versions of Kustomize; without it sources that need them are errors. */
  readonly outside?: OutsideTools;
  /** The native program itself, whatever its digest. */
  readonly nativeEngineProgram?: string;
  /** What generated passwords follow from, secret and the same for the installation; default: random for each process. */
  readonly seedSecret?: string | Uint8Array;
  readonly log?: Log;
  /** Ends every render and refuses new ones. */
  readonly signal?: AbortSignal;
}

export interface ResolvedRendererOptions {
  readonly workers: number;
  readonly cacheDirectory: string | undefined;
  readonly persistAboveMs: number;
  readonly cacheMaxBytes: number;
  readonly memoryMaxBytes: number;
  readonly limits: RenderLimits;
  readonly engine: "auto" | "native" | "wasm";
  readonly engineDirectory: string;
  readonly nativeEngineDirectory: string | undefined;
  readonly outside: OutsideTools | undefined;
  readonly nativeEngineProgram: string | undefined;
  readonly seedSecret: string | Uint8Array;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const mebibyte = 1024 * 1024;

const defaultLimits: RenderLimits = {
  timeoutMs: 60_000,
  maxMemoryMb: 512,
  maxFileBytes: 10 * mebibyte,
  // Argo CD's reposerver.max.combined.directory.manifests.size
  maxTotalBytes: 10 * mebibyte,
  maxSourceBytes: 100 * mebibyte,
  maxObjects: 20_000,
  maxOutputBytes: 50 * mebibyte,
  maxDepth: 200,
  maxEngineMemoryMb: 1024,
};

/** Throws CONFIG_INVALID for a limit that is not a positive number. */
export function resolveRendererOptions(options: RendererOptions): ResolvedRendererOptions {
  const limits = { ...defaultLimits, ...options.limits };
  const resolved: ResolvedRendererOptions = {
    workers: options.workers ?? Math.max(1, availableParallelism()),
    cacheDirectory: options.cacheDirectory,
    persistAboveMs: options.persistAboveMs ?? 50,
    cacheMaxBytes: options.cacheMaxBytes ?? 1024 * mebibyte,
    memoryMaxBytes: options.memoryMaxBytes ?? 64 * mebibyte,
    limits,
    engine: options.engine ?? "auto",
    engineDirectory: fileURLToPath(new URL("./engine/", import.meta.url)),
    nativeEngineDirectory: options.nativeEngineDirectory,
    outside: options.outside,
    nativeEngineProgram: options.nativeEngineProgram,
    seedSecret: options.seedSecret ?? randomBytes(32),
    log: options.log ?? silentLog,
    signal: options.signal ?? new AbortController().signal,
  };
  const { workers, cacheMaxBytes, memoryMaxBytes } = resolved;
  for (const [name, value] of Object.entries({ workers, cacheMaxBytes, memoryMaxBytes, ...limits })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new MooringError("CONFIG_INVALID", `renderer option ${name} must be a positive whole number`);
    }
  }
  return Object.freeze(resolved);
}

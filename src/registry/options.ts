import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { ProvenanceOptions } from "./helm/provenance.ts";

export interface RegistryLimits {
  /** Bytes of an `index.yaml`, uncompressed. */
  readonly maxIndexBytes?: number;
  /** Bytes of a chart or layer as it is sent. */
  readonly maxArchiveBytes?: number;
  /** Bytes of everything in an archive, uncompressed. */
  readonly maxUnpackedBytes?: number;
  readonly maxEntries?: number;
  readonly maxPathBytes?: number;
  /** Bytes of one remote file. */
  readonly maxFileBytes?: number;
  /** Bytes of a manifest, a page of tags or a token. */
  readonly maxDocumentBytes?: number;
  /** Tags of one repository. */
  readonly maxTags?: number;
  readonly connectTimeoutMs?: number;
  /** A server that says nothing for so long is given up. */
  readonly idleTimeoutMs?: number;
  /** Time for one question, its redirects and the whole answer. */
  readonly totalTimeoutMs?: number;
  /** Time for finding a chart in an index. */
  readonly parseTimeoutMs?: number;
  /** Requests to one host at the same time. */
  readonly requestsPerHost?: number;
  /** How long a failure answers for its repository, whoever asks. */
  readonly failureMemoryMs?: number;
  /** Indexes held in memory, compressed. */
  readonly indexCacheBytes?: number;
  /** Unpacked charts and files held in memory. */
  readonly treeCacheBytes?: number;
  /** Fetched archives on disk. */
  readonly diskCacheBytes?: number;
}

export type ResolvedRegistryLimits = Readonly<Required<RegistryLimits>>;

export interface RegistryOptions {
  /** Holds what was fetched; a cache that may be deleted. Created with mode 0700. */
  readonly directory: string;
  readonly clock: Clock;
  readonly limits?: RegistryLimits;
  /** Host names that may be at internal addresses wherever an index, a redirect or a values file leads to them. */
  readonly internalHosts?: readonly string[];
  /** For proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How charts are verified; without it their signatures are not looked at. */
  readonly provenance?: ProvenanceOptions;
  readonly log?: Log;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

const MiB = 1024 * 1024;

const defaults: ResolvedRegistryLimits = {
  maxIndexBytes: 128 * MiB,
  maxArchiveBytes: 64 * MiB,
  maxUnpackedBytes: 128 * MiB,
  maxEntries: 50_000,
  maxPathBytes: 4096,
  maxFileBytes: 16 * MiB,
  maxDocumentBytes: 8 * MiB,
  maxTags: 100_000,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  parseTimeoutMs: 30_000,
  requestsPerHost: 6,
  failureMemoryMs: 10_000,
  indexCacheBytes: 128 * MiB,
  treeCacheBytes: 128 * MiB,
  diskCacheBytes: 1024 * MiB,
};

/** Fills in the defaults; throws CONFIG_INVALID for a limit that is not a positive number. */
export function resolveRegistryLimits(limits: RegistryLimits = {}): ResolvedRegistryLimits {
  const resolved = { ...defaults, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!(value > 0)) {
      throw new MooringError("CONFIG_INVALID", `registry limit ${name}: ${value} is not a positive number`);
    }
  }
  return Object.freeze(resolved);
}

import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { throwIfAborted } from "#runtime/abort.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";
import { ArchiveTree } from "./archive-tree.ts";
import type { PlaceLimits } from "./place-entry.ts";
import { EntryPlacer, RefusedEntry } from "./place-entry.ts";
import { BrokenTar, readTar } from "./read-tar.ts";

interface UnpackLimits extends PlaceLimits {
  /** Bytes of everything unpacked. */
  readonly maxUnpackedBytes: number;
}

export interface UnpackOptions {
  readonly compression: "gzip" | "none";
  /** Everything is in one directory, which becomes the root. */
  readonly strip: boolean;
  readonly subject: Subject;
  /** The revision of the tree. */
  readonly revision: string;
  readonly limits: UnpackLimits;
  readonly signal: AbortSignal;
}

export interface Unpacked {
  readonly tree: ArchiveTree;
  /** About what the tree holds. */
  readonly bytes: number;
}

class TooMuch extends Error {}

const partBytes = 1024 * 1024;

function* partsOf(archive: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < archive.length; at += partBytes) {
    yield Buffer.from(archive.buffer, archive.byteOffset + at, Math.min(partBytes, archive.length - at));
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, options: UnpackOptions): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of chunks) {
    throwIfAborted(options.signal);
    length += chunk.length;
    if (length > options.limits.maxUnpackedBytes) throw new TooMuch();
    yield chunk;
  }
}

/**
 * Unpacks an archive whose digest was checked, in memory and piece by piece: nothing is written where a path could lead out. Throws
 * CHART_TOO_LARGE as soon as it unpacks to too much, CHART_INVALID for what is broken or unsafe.
 */
export async function unpack(archive: Uint8Array, options: UnpackOptions): Promise<Unpacked> {
  const { subject, limits, compression } = options;
  const placer = new EntryPlacer(limits, options.strip);
  const packed = Readable.from(partsOf(archive), { objectMode: false });
  const gunzip = compression === "gzip" ? createGunzip({ chunkSize: 128 * 1024 }) : undefined;
  packed.on("error", (error) => gunzip?.destroy(error));
  const chunks: AsyncIterable<Buffer> = gunzip === undefined ? packed : packed.pipe(gunzip);
  let bytes = 0;
  const admit = (size: number) => {
    bytes += size + 500;
    if (size > limits.maxUnpackedBytes) throw new TooMuch();
  };
  try {
    for await (const entry of readTar(counted(chunks, options), admit)) placer.place(entry);
  } catch (error) {
    throw translate(error, subject, limits);
  } finally {
    packed.destroy();
    gunzip?.destroy();
  }
  if (placer.root.children.size === 0) throw invalid(subject, "it is empty");
  return { tree: new ArchiveTree(placer.root, { revision: options.revision, subject: subject.text }), bytes };
}

function invalid(subject: Subject, why: string, cause?: unknown): Error {
  const text = `the archive cannot be used: ${why}; package and publish it anew`;
  return chartError("CHART_INVALID", subject, { text, cause });
}

function translate(error: unknown, subject: Subject, limits: UnpackLimits): unknown {
  if (error instanceof TooMuch) {
    const text = `the archive unpacks to more than the ${limits.maxUnpackedBytes} bytes that are allowed; make it smaller or raise the limit`;
    return chartError("CHART_TOO_LARGE", subject, { text });
  }
  if (error instanceof BrokenTar || error instanceof RefusedEntry)
    return invalid(subject, error.message, error);
  const isZlib = error instanceof Error && "code" in error && /^Z_|^ERR_/.test(String(error.code));
  return isZlib ? invalid(subject, "it is not gzip, or damaged", error) : error;
}

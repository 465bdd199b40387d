import type { SourceTree } from "./source-tree.ts";

/** Room that is taken until it is disposed of. */
interface TakenRoom extends Disposable {
  /** It has become clear that it takes no more than this. */
  readonly shrink: (bytes: number) => void;
}

/** The files of an archive, in memory until it is disposed of. */
interface UnpackedFiles extends Disposable {
  readonly tree: SourceTree;
}

/** Archives that clients send, of which only so much is in memory at a time; others wait. */
export interface ClientArchives {
  /** Waits for room for an archive of so many bytes at the most, before any of it is read. Throws API_THROTTLED, and AbortError. */
  readonly arrive: (asked: {
    readonly bytes: number;
    /** Whose it is. */
    readonly user: string;
    readonly signal: AbortSignal;
  }) => Promise<TakenRoom>;
  /**
   * Waits for room for the files of a gzipped tar, and unpacks it. Throws API_THROTTLED, and API_TOO_LARGE and API_INVALID_ARGUMENT for one
   * that is none or leads out of itself.
   */
  readonly unpack: (archive: Uint8Array, signal: AbortSignal) => Promise<UnpackedFiles>;
}

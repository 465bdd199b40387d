import type { MessagePort } from "node:worker_threads";
import type { ErrorCode } from "#core/errors/index.ts";
import type { FieldPath, SopsKeySet } from "#core/sops/index.ts";
import type { RenderTool, Substitution } from "#ports/renderer.ts";
import type { TreeEntry } from "#ports/source-tree.ts";

/** What a render may use; the thread stops with RENDER_TOO_LARGE or RENDER_INVALID beyond it. */
export interface ThreadLimits {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  readonly maxObjects: number;
  readonly maxOutputBytes: number;
  readonly maxDepth: number;
}

export interface RenderJob {
  readonly id: number;
  readonly path: string;
  /** Named in messages only. */
  readonly revision: string;
  readonly source: RenderTool;
  readonly limits: ThreadLimits;
  readonly substitution: Substitution | undefined;
}

/** Which entries of a directory the tool looks at: a change to any other entry leaves the listing's identity alone. */
export interface ListFilter {
  /** Names of files and symlinks must end with one of these; empty means every name. */
  readonly suffixes: readonly string[];
  readonly directories: boolean;
}

/** A file access of the tool, answered by the main thread while the render thread is blocked. */
export type FileQuestion =
  | { readonly kind: "stat"; readonly path: string }
  | { readonly kind: "list"; readonly path: string; readonly filter: ListFilter }
  | {
      readonly kind: "read";
      readonly paths: readonly string[];
      readonly maxFileBytes: number;
      readonly maxTotalBytes: number;
    }
  /** The key of a file encrypted with SOPS, unwrapped where the private keys are. */
  | { readonly kind: "data-key"; readonly keys: SopsKeySet };

export type FileAnswer =
  | { readonly kind: "stat"; readonly entry: TreeEntry | undefined }
  | { readonly kind: "list"; readonly entries: readonly TreeEntry[] | undefined }
  | { readonly kind: "read"; readonly contents: readonly Uint8Array[] }
  | { readonly kind: "data-key"; readonly dataKey: Uint8Array }
  /** The tool must end with this error. */
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string }
  /** The render was cancelled, or the source tree itself failed: nobody waits for the result. */
  | { readonly kind: "stopped" };

export interface AnswerMessage {
  readonly question: number;
  readonly answer: FileAnswer;
}

export interface Rendered {
  readonly digest: string;
  readonly manifests: Uint8Array<ArrayBuffer>;
  readonly objectCount: number;
  readonly origins: readonly string[];
  readonly sourceType: string;
  /** True when an object of kind Secret is among them, or anything was decrypted: such a render must not reach a disk. */
  readonly holdsSecrets: boolean;
  /** Where decrypted values stand, for each object; absent when nothing was decrypted. */
  readonly secretPaths?: readonly (readonly FieldPath[])[];
  /** Processor time that it took, in milliseconds; waiting for a thread or for Git does not count. */
  readonly spentMs: number;
}

export type ThreadMessage =
  /** The thread is loaded and begins the job: its time counts from here. */
  | { readonly type: "started"; readonly id: number }
  | { readonly type: "rendered"; readonly id: number; readonly rendered: Rendered }
  /** A failure that the same files and parameters always repeat. */
  | { readonly type: "failed"; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly type: "stopped"; readonly id: number }
  | { readonly type: "crashed"; readonly id: number; readonly message: string }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly question: number;
      readonly ask: FileQuestion;
    };

/** Slots of the shared Int32Array: answers given so far, and the id of the job to stop. */
export const answerSlot = 0;
export const stopSlot = 1;

export interface ThreadData {
  readonly flags: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

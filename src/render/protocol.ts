import type { MessagePort } from "node:worker_threads";
import type { ErrorCode } from "#core/errors/index.ts";
import type { FieldPath, SopsKeySet } from "#core/sops/index.ts";
import type { RenderTool, Substitution } from "#ports/renderer.ts";
import type { RemoteSource } from "#ports/source-fetcher.ts";
import type { TreeEntry } from "#ports/source-tree.ts";

/** What a render may use; the thread stops with RENDER_TOO_LARGE or RENDER_INVALID beyond it. */
export interface ThreadLimits {
  readonly maxFileBytes: number;
  /** Manifests of a plain directory together. */
  readonly maxTotalBytes: number;
  /** Everything that the engine reads in one render: charts, bases, values. */
  readonly maxSourceBytes: number;
  readonly maxObjects: number;
  readonly maxOutputBytes: number;
  readonly maxDepth: number;
  /** Memory of one engine: one WebAssembly instance, or one native process. */
  readonly maxEngineMemoryMb: number;
}

/** One WebAssembly module each: Helm with Kustomize, Jsonnet, and jq with Lua. */
export type EngineName = "render" | "jsonnet" | "scripts";

export interface RenderJob {
  readonly id: number;
  readonly path: string;
  /** Named in messages only. */
  readonly revision: string;
  readonly source: RenderTool;
  readonly limits: ThreadLimits;
  readonly substitution: Substitution | undefined;
  /** True when a native engine renders what it can. */
  readonly native: boolean;
  /** What templates get as randomness; a secret. */
  readonly seed: string;
  /** Stands for whose files these are: what an engine keeps of one render is used for no other tenant. */
  readonly tenant: string;
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
  /** The path without symbolic links, and what is there. */
  | { readonly kind: "resolve"; readonly path: string }
  | { readonly kind: "list"; readonly path: string; readonly filter: ListFilter }
  | {
      readonly kind: "read";
      readonly paths: readonly string[];
      readonly maxFileBytes: number;
      readonly maxTotalBytes: number;
    }
  /** The key of a file encrypted with SOPS, unwrapped where the private keys are. */
  | { readonly kind: "data-key"; readonly keys: SopsKeySet }
  | { readonly kind: "mount"; readonly source: RemoteSource }
  /** What the tool prints that the job's source names and that is no engine of ours. */
  | { readonly kind: "outside" }
  /** A question of the engine, passed on as it is (docs/spec/render-engine.md). */
  | { readonly kind: "engine"; readonly message: Uint8Array };

export type Question =
  | FileQuestion
  | { readonly kind: "module"; readonly engine: EngineName }
  /** A request for the native engine. */
  | { readonly kind: "native"; readonly request: Uint8Array };

/** The tool must end with this error. */
interface Refusal {
  readonly kind: "refused";
  readonly code: ErrorCode;
  readonly message: string;
}

export type FileAnswer =
  | { readonly kind: "stat"; readonly entry: TreeEntry | undefined }
  | {
      readonly kind: "resolve";
      readonly found: { readonly path: string; readonly entry: TreeEntry } | undefined;
    }
  | { readonly kind: "list"; readonly entries: readonly TreeEntry[] | undefined }
  | { readonly kind: "read"; readonly contents: readonly Uint8Array[] }
  | { readonly kind: "data-key"; readonly dataKey: Uint8Array }
  | { readonly kind: "mount"; readonly path: string }
  | { readonly kind: "outside"; readonly texts: readonly string[] }
  | { readonly kind: "engine"; readonly message: Uint8Array }
  | Refusal;

export type Answer =
  | FileAnswer
  | { readonly kind: "module"; readonly module: WebAssembly.Module }
  | { readonly kind: "native"; readonly reply: Uint8Array }
  /** The render was cancelled, or the source tree itself failed: nobody waits for the result. */
  | { readonly kind: "stopped" };

export interface AnswerMessage {
  readonly question: number;
  readonly answer: Answer;
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

export type Outcome =
  | { readonly type: "rendered"; readonly rendered: Rendered }
  /** A failure that the same files and parameters always repeat. */
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly type: "stopped" }
  | { readonly type: "crashed"; readonly message: string };

export type ThreadMessage =
  /** The thread is loaded and begins the job: its time counts from here. */
  | { readonly type: "started"; readonly id: number }
  | {
      readonly type: "ended";
      readonly id: number;
      readonly outcome: Outcome;
      /** The thread holds memory that only its end gives back. */
      readonly spent: boolean;
    }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly question: number;
      readonly ask: Question;
    };

/** Slots of the shared Int32Array: answers given so far, and the id of the job to stop. */
export const answerSlot = 0;
export const stopSlot = 1;

export interface ThreadData {
  readonly flags: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

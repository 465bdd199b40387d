/** What a script thread is started with. */
export interface ScriptThreadData {
  readonly module: WebAssembly.Module;
  readonly maxMemoryMb: number;
}

/** One run of a program on one input. */
export interface ScriptJob {
  readonly id: number;
  /** A message as docs/spec/render-engine.md has it. */
  readonly request: Uint8Array;
  readonly clockSeconds: number;
}

/** How the engine ended before it had answered. */
export type ScriptEnd = "depth" | "memory" | "bug";

export type ScriptThreadMessage =
  /** It is loaded: from now on the time of a run counts. */
  | { readonly type: "ready" }
  | { readonly type: "answered"; readonly id: number; readonly reply: Uint8Array; readonly spent: boolean }
  | { readonly type: "ended"; readonly id: number; readonly end: ScriptEnd };

import type { Purity, Wasi } from "./wasi.ts";
import { createWasi } from "./wasi.ts";

/** Answers one question of the engine. What it throws ends the render. */
export type Ask = (question: Uint8Array) => Uint8Array;

/** One instance of the engine. It renders one request at a time, and is thrown away when a render has failed inside of it. */
export interface WasmEngine {
  /** The reply's bytes, which are the caller's. Throws what `ask` threw, or the trap: the instance must not be used again then. */
  render(request: Uint8Array, purity: Purity, ask: Ask): Uint8Array<ArrayBuffer>;
  /** Frees what the last render used. */
  collect(): void;
  /** Size of its memory, which never shrinks. */
  readonly memoryBytes: number;
  /** What it wrote before a trap. */
  readonly stderr: string;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly reserve: (length: number) => number;
  readonly render: (length: number) => number;
  readonly reply: () => number;
  readonly collect: () => void;
}

export function startWasmEngine(module: WebAssembly.Module): WasmEngine {
  const wasi: Wasi = createWasi(module);
  let asking: Ask | undefined;
  let answer: Uint8Array = new Uint8Array();
  const bytes = (pointer: number, length: number) => new Uint8Array(exports.memory.buffer, pointer, length);
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: wasi.imports,
    mooring: {
      ask: (pointer: number, length: number) => {
        if (asking === undefined) throw new Error("the engine asks outside of a render");
        answer = asking(bytes(pointer, length).slice());
        return answer.length;
      },
      take: (pointer: number) => {
        bytes(pointer, answer.length).set(answer);
        answer = new Uint8Array();
      },
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module is our own, checked by its digest
  const exports = instance.exports as unknown as Exports;
  wasi.memory = exports.memory;
  exports._initialize();
  return {
    render: (request, purity, ask) => {
      wasi.purity = purity;
      asking = ask;
      try {
        bytes(exports.reserve(request.length), request.length).set(request);
        const length = exports.render(request.length);
        return bytes(exports.reply(), length).slice();
      } finally {
        asking = undefined;
        answer = new Uint8Array();
      }
    },
    collect: () => exports.collect(),
    get memoryBytes() {
      return exports.memory.buffer.byteLength;
    },
    get stderr() {
      return wasi.stderr();
    },
  };
}

import type { Purity } from "./wasi.ts";
import { createWasi } from "./wasi.ts";

/** Answers one question of the engine. */
type Ask = (question: Uint8Array) => Uint8Array;

/** One instance of the engine. It renders one request at a time, and must not be used again after it has thrown. */
export interface WasmEngine {
  /** The reply's bytes, which are the caller's. Throws the trap. */
  render(request: Uint8Array, purity: Purity, ask: Ask): Uint8Array<ArrayBuffer>;
  /** Frees what the last render used. */
  collect(): void;
  /** Size of its memory, which never shrinks. */
  memoryBytes(): number;
  /** What it wrote before a trap. */
  stderr(): string;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly reserve: (length: number) => number;
  readonly render: (length: number) => number;
  readonly reply: () => number;
  readonly collect: () => void;
}

export function startWasmEngine(module: WebAssembly.Module, maxMemoryMb: number): WasmEngine {
  const wasi = createWasi(module, maxMemoryMb);
  let asking: Ask | undefined;
  let answer: Uint8Array = new Uint8Array();
  const bytes = (pointer: number, length: number) =>
    new Uint8Array(exports.memory.buffer, pointer >>> 0, length);
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
  wasi.bind(exports.memory);
  exports._initialize();
  return {
    render: (request, purity, ask) => {
      wasi.begin(purity);
      asking = ask;
      try {
        bytes(exports.reserve(request.length), request.length).set(request);
        const length = exports.render(request.length);
        return bytes(exports.reply(), length).slice();
      } finally {
        asking = undefined;
      }
    },
    collect: () => exports.collect(),
    memoryBytes: () => exports.memory.buffer.byteLength,
    stderr: () => wasi.stderr(),
  };
}

import { createHmac } from "node:crypto";

/** What a render may learn of time and chance: both are inputs, so that the same inputs give the same bytes. */
export interface Purity {
  readonly clockSeconds: number;
  /** Secret: whoever knows it could foretell generated passwords. */
  readonly seed: string;
}

/** errno of WASI preview 1. */
const success = 0;
const badDescriptor = 8;
const notSupported = 52;
const stderr = 2;
const maxStderrBytes = 16_384;

/** The clock of a module that does not tell time stands still at its render's time, but Go's timers need it to go on. */
const tickNanoseconds = 1_000n;

export interface Wasi {
  readonly imports: WebAssembly.ModuleImports;
  /** Bound once the module is instantiated. */
  memory: WebAssembly.Memory | undefined;
  purity: Purity;
  /** The end of what the module has written to stderr. */
  readonly stderr: () => string;
}

const environment = ["GOGC=off", "GOMEMLIMIT=400MiB"];

/**
 * The few functions of `wasi_snapshot_preview1` that the engine may call: clock, randomness, environment, one argument and stderr. All others answer ENOSYS:
 * there are no files, no sockets and no processes.
 */
export function createWasi(module: WebAssembly.Module): Wasi {
  let written = Buffer.alloc(0);
  let ticks = 0n;
  let randomBlocks = 0;
  const view = () => new DataView(memoryOf(wasi).buffer);
  const bytes = (pointer: number, length: number) => new Uint8Array(memoryOf(wasi).buffer, pointer, length);
  const strings = (texts: readonly string[]) => ({
    sizes: (count: number, size: number) => {
      view().setUint32(count, texts.length, true);
      view().setUint32(size, Buffer.byteLength(texts.join("\0")) + 1, true);
      return success;
    },
    get: (pointers: number, buffer: number) => {
      let at = buffer;
      texts.forEach((text, index) => {
        view().setUint32(pointers + 4 * index, at, true);
        at += Buffer.from(`${text}\0`).copy(bytes(at, Buffer.byteLength(text) + 1));
      });
      return success;
    },
  });
  const args = strings(["mooring-render"]);
  const env = strings(environment);
  const known: WebAssembly.ModuleImports = {
    args_sizes_get: args.sizes,
    args_get: args.get,
    environ_sizes_get: env.sizes,
    environ_get: env.get,
    clock_time_get: (_id: number, _precision: bigint, result: number) => {
      ticks += tickNanoseconds;
      view().setBigUint64(result, BigInt(wasi.purity.clockSeconds) * 1_000_000_000n + ticks, true);
      return success;
    },
    random_get: (pointer: number, length: number) => {
      for (let at = 0; at < length; at += 32) {
        randomBlocks += 1;
        const block = createHmac("sha256", wasi.purity.seed).update(String(randomBlocks)).digest();
        bytes(pointer + at, Math.min(32, length - at)).set(block.subarray(0, Math.min(32, length - at)));
      }
      return success;
    },
    fd_write: (descriptor: number, vectors: number, count: number, result: number) => {
      if (descriptor !== stderr && descriptor !== 1) return badDescriptor;
      let total = 0;
      for (let index = 0; index < count; index += 1) {
        const pointer = view().getUint32(vectors + 8 * index, true);
        const length = view().getUint32(vectors + 8 * index + 4, true);
        written = Buffer.concat([written, bytes(pointer, length)]).subarray(-maxStderrBytes);
        total += length;
      }
      view().setUint32(result, total, true);
      return success;
    },
    fd_fdstat_get: (descriptor: number) => (descriptor <= stderr ? success : badDescriptor),
    fd_prestat_get: () => badDescriptor,
    sched_yield: () => success,
    poll_oneoff: (_in: number, _out: number, _count: number, result: number) => {
      view().setUint32(result, 0, true);
      return success;
    },
    proc_exit: (code: number) => {
      throw new Error(`the engine ended with code ${code}`);
    },
  };
  const imports: WebAssembly.ModuleImports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === "wasi_snapshot_preview1") imports[name] = known[name] ?? (() => notSupported);
  }
  let purity: Purity = { clockSeconds: 0, seed: "" };
  const wasi: Wasi = {
    imports,
    memory: undefined,
    get purity() {
      return purity;
    },
    set purity(next: Purity) {
      purity = next;
      ticks = 0n;
      randomBlocks = 0;
      written = Buffer.alloc(0);
    },
    stderr: () => written.toString(),
  };
  return wasi;
}

function memoryOf({ memory }: Wasi): WebAssembly.Memory {
  if (memory === undefined) throw new Error("the engine is not instantiated");
  return memory;
}

import { createCipheriv } from "node:crypto";

/** What a render may learn of time and chance: both are inputs, so that the same inputs give the same bytes. */
export interface Purity {
  readonly clockSeconds: number;
  /** 32 bytes; secret, because whoever knows them could foretell generated passwords. */
  readonly seed: Uint8Array;
}

/** errno of WASI preview 1. */
const success = 0;
const badDescriptor = 8;
const notSupported = 52;
const stderr = 2;
const maxStderrBytes = 16_384;

/** Beyond this Go collects garbage inside a render; below it only when the host asks, between renders, where it costs nobody time. */
const collectAboveMb = 400;

/** The engine ended itself, as Go does when memory is out. */
class EngineExit extends Error {
  constructor(code: number) {
    super(`the engine ended with code ${code}`);
    this.name = "EngineExit";
  }
}

export interface Wasi {
  readonly imports: WebAssembly.ModuleImports;
  /** To be called before the module runs. */
  bind(memory: WebAssembly.Memory): void;
  /** Begins a render: its time, and its randomness from the start. */
  begin(purity: Purity): void;
  /** The beginning of what the module wrote in this render. */
  stderr(): string;
}

/**
 * The functions of `wasi_snapshot_preview1` that the engine may call: clock, randomness, environment, one argument and
 * stderr. All others answer ENOSYS: there are no files, no sockets and no processes.
 */
export function createWasi(module: WebAssembly.Module, maxMemoryMb: number): Wasi {
  const host = new WasiHost(maxMemoryMb);
  const known = host.functions();
  const imports: WebAssembly.ModuleImports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === "wasi_snapshot_preview1") imports[name] = known[name] ?? (() => notSupported);
  }
  return {
    imports,
    bind: (memory) => host.bind(memory),
    begin: (purity) => host.begin(purity),
    stderr: () => host.stderr(),
  };
}

type WriteArguments = readonly [number, number, number, number];

class WasiHost {
  #memory: WebAssembly.Memory | undefined;
  #nanoseconds = 1n;
  #random = createRandom(new Uint8Array(32));
  #written: Buffer[] = [];
  #writtenBytes = 0;
  readonly #environment: readonly string[];

  constructor(maxMemoryMb: number) {
    const limitMb = Math.min(collectAboveMb, Math.floor(maxMemoryMb * 0.75));
    this.#environment = ["GOGC=off", `GOMEMLIMIT=${limitMb}MiB`];
  }

  bind(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  begin({ clockSeconds, seed }: Purity): void {
    this.#nanoseconds = BigInt(clockSeconds) * 1_000_000_000n;
    this.#random = createRandom(seed);
    this.#written = [];
    this.#writtenBytes = 0;
  }

  stderr(): string {
    return Buffer.concat(this.#written).toString();
  }

  functions(): WebAssembly.ModuleImports {
    const args = this.#strings(["mooring-render"]);
    const env = this.#strings(this.#environment);
    return {
      args_sizes_get: args.sizes,
      args_get: args.get,
      environ_sizes_get: env.sizes,
      environ_get: env.get,
      clock_time_get: (_id: number, _precision: bigint, result: number) => {
        this.#view().setBigUint64(result, this.#nanoseconds, true);
        return success;
      },
      random_get: (pointer: number, length: number) => {
        this.#bytes(pointer, length).set(this.#random(length));
        return success;
      },
      fd_write: (...[descriptor, ...vectors]: WriteArguments) =>
        descriptor === stderr ? this.#write(...vectors) : badDescriptor,
      // Go looks for directories that it was given until there is no next one.
      fd_prestat_get: () => badDescriptor,
      // Go's own threads of work yield to one another.
      sched_yield: () => success,
      poll_oneoff: (...[, , , result]: WriteArguments) => {
        this.#view().setUint32(result, 0, true);
        return success;
      },
      proc_exit: (code: number) => {
        throw new EngineExit(code);
      },
    };
  }

  #view(): DataView {
    return new DataView(this.#bytes(0, undefined).buffer);
  }

  #bytes(pointer: number, length: number | undefined): Uint8Array {
    if (this.#memory === undefined) throw new Error("the engine is not instantiated");
    return new Uint8Array(this.#memory.buffer, pointer, length);
  }

  #write(vectors: number, count: number, result: number): number {
    const view = this.#view();
    let total = 0;
    for (let index = 0; index < count; index += 1) {
      const pointer = view.getUint32(vectors + 8 * index, true);
      const length = view.getUint32(vectors + 8 * index + 4, true);
      const kept = Math.min(length, maxStderrBytes - this.#writtenBytes);
      if (kept > 0) this.#written.push(Buffer.from(this.#bytes(pointer, kept)));
      this.#writtenBytes += kept;
      total += length;
    }
    view.setUint32(result, total, true);
    return success;
  }

  #strings(texts: readonly string[]) {
    const encoded = texts.map((text) => Buffer.from(`${text}\0`));
    return {
      sizes: (count: number, size: number) => {
        this.#view().setUint32(count, encoded.length, true);
        this.#view().setUint32(size, Buffer.concat(encoded).length, true);
        return success;
      },
      get: (pointers: number, buffer: number) => {
        let at = buffer;
        encoded.forEach((text, index) => {
          this.#view().setUint32(pointers + 4 * index, at, true);
          this.#bytes(at, text.length).set(text);
          at += text.length;
        });
        return success;
      },
    };
  }
}

/** Bytes that follow from the seed and cannot be told without it. */
function createRandom(seed: Uint8Array): (length: number) => Uint8Array {
  const cipher = createCipheriv("aes-256-ctr", seed, new Uint8Array(16));
  return (length) => cipher.update(new Uint8Array(length));
}

import { describeEngineEnd } from "../../engine-failure.ts";
import { encodeMessage } from "../../engine-message.ts";
import type { EngineName, RenderJob } from "../../protocol.ts";
import type { FileAccess } from "../file-access.ts";
import { RenderStopped } from "../file-access.ts";
import type { WasmEngine } from "./wasm-engine.ts";
import { startWasmEngine } from "./wasm-engine.ts";

/** An instance whose memory has grown beyond this is not kept, because its memory never shrinks. */
const maxKeptBytes = 256 * 1024 * 1024;

/** Seconds since 1970 of the only time that templates see: 2026-01-01T00:00:00Z. */
export const engineClock = 1_767_225_600;

interface Rendering {
  readonly job: RenderJob;
  readonly files: FileAccess;
}

/** The WebAssembly engines of this thread. */
export class Engines {
  readonly #modules = new Map<EngineName, WebAssembly.Module>();
  readonly #instances = new Map<EngineName, WasmEngine>();
  readonly #used = new Set<WasmEngine>();
  #spent = false;

  /** True when an instance was given up: when its memory returns is up to the thread's own collector, so the thread must end. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Gives the reply's bytes; throws RENDER_ errors when the engine itself ends, and RenderStopped. */
  render(name: EngineName, request: Uint8Array, at: Rendering): Uint8Array {
    const { job, files } = at;
    const engine = this.#instances.get(name) ?? this.#start(name, at);
    // In use it belongs to nobody: one that traps is not found again.
    this.#instances.delete(name);
    this.#used.delete(engine);
    let stopped: RenderStopped | undefined;
    const ask = (question: Uint8Array): Uint8Array => {
      try {
        return files.askForEngine(question);
      } catch (error) {
        if (!(error instanceof RenderStopped)) throw error;
        // The engine unwinds by itself, because nothing may be thrown through it.
        stopped = error;
        return encodeMessage({ error: { code: "RENDER_INVALID", message: "stopped" } });
      }
    };
    const purity = { clockSeconds: engineClock, seed: Buffer.from(job.seed, "hex") };
    try {
      const reply = engine.render(request, purity, ask);
      this.#keep(name, engine);
      if (stopped !== undefined) throw stopped;
      return reply;
    } catch (cause) {
      if (cause instanceof RenderStopped) throw cause;
      this.#spent = true;
      const { maxEngineMemoryMb } = job.limits;
      throw describeEngineEnd({ path: job.path, maxEngineMemoryMb, stderr: engine.stderr(), cause });
    }
  }

  /** Frees what the last render used; to be called when its answer is out. */
  collect(): void {
    for (const engine of this.#used) engine.collect();
    this.#used.clear();
  }

  #keep(name: EngineName, engine: WasmEngine): void {
    if (engine.memoryBytes() > maxKeptBytes) {
      this.#spent = true;
      return;
    }
    this.#instances.set(name, engine);
    this.#used.add(engine);
  }

  #start(name: EngineName, { job, files }: Rendering): WasmEngine {
    const module = this.#modules.get(name) ?? files.engineModule(name);
    this.#modules.set(name, module);
    return startWasmEngine(module, job.limits.maxEngineMemoryMb);
  }
}

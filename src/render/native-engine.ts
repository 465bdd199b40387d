import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { MooringError } from "#core/errors/index.ts";
import { describeEngineEnd } from "./engine-failure.ts";
import { readFrames, writeFrame } from "./frames.ts";

/** Sets the limit of memory before it becomes the engine. */
export const shell = "/bin/sh";
/** A Go program reserves address space that it does not use. */
const reservedMb = 1024;
const maxStderrBytes = 16_384;

export interface NativeEngineOptions {
  readonly program: string;
  readonly maxEngineMemoryMb: number;
  /** Bound of one reply. */
  readonly maxReplyBytes: number;
}

export interface NativeRender {
  readonly request: Uint8Array;
  /** Named in messages. */
  readonly path: string;
  /** Whose files these are: a process serves one tenant and is replaced for the next. */
  readonly tenant: string;
  answer(question: Uint8Array): Promise<Uint8Array>;
  readonly signal: AbortSignal;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Running {
  readonly tenant: string;
  readonly child: Child;
  readonly frames: AsyncGenerator<Uint8Array>;
  stderr: string;
  failure: Error | undefined;
}

/**
 * One native engine process, which renders one request at a time. It has no environment, may use limited memory, and is
 * killed with the render that it fails, stops or outlives.
 */
export class NativeEngine {
  readonly #options: NativeEngineOptions;
  #running: Running | undefined;

  constructor(options: NativeEngineOptions) {
    this.#options = options;
  }

  /** The reply's bytes. Throws RENDER_ errors when the process ends, what `answer` throws, and the signal's reason. */
  async render(render: NativeRender): Promise<Uint8Array> {
    const { signal } = render;
    signal.throwIfAborted();
    if (this.#running !== undefined && this.#running.tenant !== render.tenant) this.end();
    const running = this.#running ?? this.#start(render.tenant);
    this.#running = running;
    const discard = (): void => this.#discard(running);
    signal.addEventListener("abort", discard, { once: true });
    try {
      return await this.#exchange(running, render);
    } catch (error) {
      // What it would say next belongs to this render.
      discard();
      throw error;
    } finally {
      signal.removeEventListener("abort", discard);
    }
  }

  end(): void {
    if (this.#running !== undefined) this.#discard(this.#running);
  }

  #discard(running: Running): void {
    running.child.kill("SIGKILL");
    if (this.#running === running) this.#running = undefined;
  }

  async #exchange(running: Running, render: NativeRender): Promise<Uint8Array> {
    writeFrame(running.child.stdin, render.request);
    for (;;) {
      const next = await running.frames.next();
      render.signal.throwIfAborted();
      if (next.done === true) throw await this.#describeEnd(running, render.path);
      if (!isQuestion(next.value)) return next.value;
      writeFrame(running.child.stdin, await render.answer(next.value));
    }
  }

  async #describeEnd(running: Running, path: string): Promise<MooringError> {
    const { maxEngineMemoryMb } = this.#options;
    if (!running.child.stderr.closed) await once(running.child.stderr, "close");
    return describeEngineEnd({ path, maxEngineMemoryMb, stderr: running.stderr, cause: running.failure });
  }

  #start(tenant: string): Running {
    const { program, maxEngineMemoryMb, maxReplyBytes } = this.#options;
    const maxKib = (maxEngineMemoryMb + reservedMb) * 1024;
    const child = spawn(shell, ["-c", 'ulimit -v "$1" && exec "$0"', program, String(maxKib)], {
      cwd: "/",
      env: { GOGC: "200", GOMEMLIMIT: `${Math.floor(maxEngineMemoryMb * 0.8)}MiB` },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const frames = readFrames(child.stdout, maxReplyBytes);
    const running: Running = { tenant, child, frames, stderr: "", failure: undefined };
    const fail = (error: Error): void => void (running.failure ??= error);
    child.on("error", fail);
    // A process that has ended closes its pipes: the read of its next frame tells what happened.
    child.stdin.on("error", fail);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      running.stderr += text.slice(0, maxStderrBytes - running.stderr.length);
    });
    return running;
  }
}

/** A question's header begins with the question; a reply's with its outcome. */
function isQuestion(message: Uint8Array): boolean {
  return Buffer.from(message.subarray(4, 11)).toString("latin1") === '{"ask":';
}

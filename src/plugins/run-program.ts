import { spawn } from "node:child_process";
import { MooringError } from "#core/errors/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";

export interface ProgramLimits {
  readonly timeoutMs: number;
  /** Address space. */
  readonly maxMemoryMb: number;
  readonly maxOutputBytes: number;
}

export interface Program {
  /** Named in messages. */
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ProgramLimits;
  readonly signal: AbortSignal;
}

const maxErrorBytes = 4096;
/** Sets the limit, then becomes the program: nothing of the command line is read by a shell. */
const limited = 'ulimit -v "$1" 2>/dev/null; shift; exec "$@"';

/**
 * What a program prints. It runs in a process group of its own, which is killed when it is late, prints too much, or nobody waits any
 * more. Throws RENDER_INVALID with the end of what it said when it fails, RENDER_TIMEOUT, RENDER_TOO_LARGE, or AbortError.
 */
export async function runProgram(program: Program): Promise<Buffer> {
  const { name, path, args, directory, env, limits, signal } = program;
  if (signal.aborted) throw abortErrorOf(signal);
  const child = spawn("/bin/sh", ["-c", limited, "sh", String(limits.maxMemoryMb * 1024), path, ...args], {
    cwd: directory,
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = Promise.withResolvers<Buffer>();
  const end = (error: Error): void => {
    ended.reject(error);
    kill(child.pid);
  };
  const late = setTimeout(() => {
    end(
      new MooringError(
        "RENDER_TIMEOUT",
        `${name}: took longer than ${limits.timeoutMs} ms; make it faster, or raise the limit`,
      ),
    );
  }, limits.timeoutMs);
  const onAbort = (): void => end(abortErrorOf(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  const output: Buffer[] = [];
  let bytes = 0;
  let said = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limits.maxOutputBytes) output.push(chunk);
    else
      end(
        new MooringError(
          "RENDER_TOO_LARGE",
          `${name}: printed more than the limit of ${limits.maxOutputBytes} bytes`,
        ),
      );
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]).subarray(-maxErrorBytes);
  });
  child.on("error", (error) =>
    end(
      new MooringError("RENDER_CRASHED", `${name}: cannot be started (${error.message})`, { cause: error }),
    ),
  );
  child.on("close", (code, killedBy) => {
    if (code === 0) ended.resolve(Buffer.concat(output));
    else end(failure(name, code ?? killedBy ?? "unknown", said.toString()));
  });
  try {
    return await ended.promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", onAbort);
  }
}

function failure(name: string, code: number | string, said: string): MooringError {
  return new MooringError("RENDER_INVALID", `${name}: ended with ${code}: ${said.trim()}`);
}

/** The whole group: a tool's own children must not outlive it. */
function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!gone) throw error;
  }
}

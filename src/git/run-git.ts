import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { abortErrorOf, throwIfAborted } from "#runtime/abort.ts";
import type { ChildProcesses } from "./child-processes.ts";

export interface GitRun {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** What git reads from its standard input; nothing unless told. */
  readonly input?: Uint8Array | undefined;
  /** Asked about five times a second; true ends the run as too large. */
  readonly isTooLarge?: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface GitOutcome {
  readonly end: "exit" | "timeout" | "too-large";
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  /** The last 64 KiB. */
  readonly stderr: string;
}

export interface GitRunner {
  readonly processes: ChildProcesses;
  readonly clock: Clock;
}

const maxErrorBytes = 65_536;
const pollMs = 200;
const graceMs = 1_000;

function collect(stream: Readable | null, onBytes: (total: number) => boolean): Buffer[] {
  const chunks: Buffer[] = [];
  let total = 0;
  stream?.on("data", (chunk: Buffer) => {
    total += chunk.length;
    if (onBytes(total)) chunks.push(chunk);
  });
  return chunks;
}

function collectTail(stream: Readable | null): () => string {
  let tail = Buffer.alloc(0);
  stream?.on("data", (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-maxErrorBytes);
  });
  return () => tail.toString("utf8");
}

async function exitOf(child: ChildProcess): Promise<number | undefined> {
  const done = Promise.withResolvers<number | undefined>();
  child.once("error", (error) => {
    const missing = "code" in error && error.code === "ENOENT";
    const reason = missing ? "is not installed or not in PATH; install git 2.36 or newer" : error.message;
    done.reject(new MooringError("CONFIG_INVALID", `git program: ${reason}`, { cause: error }));
  });
  child.once("close", (code) => done.resolve(code ?? undefined));
  return await done.promise;
}

/**
 * Runs git once, within its time and size. A failure of git is an outcome, not an exception; only an abort (AbortError) and a
 * missing program (CONFIG_INVALID) throw. Resolves when the process and all its children have ended.
 */
export async function runGit({ processes, clock }: GitRunner, run: GitRun): Promise<GitOutcome> {
  throwIfAborted(run.signal);
  const child = processes.spawn(run.args, { ...run, input: run.input !== undefined });
  // A git that ends early says why itself.
  child.stdin?.on("error", () => undefined).end(run.input);
  let end: GitOutcome["end"] = "exit";
  const stop = (why: GitOutcome["end"]) => {
    if (end === "exit") end = why;
    processes.end(child, graceMs);
  };
  const stdout = collect(child.stdout, (total) => {
    if (total > run.maxOutputBytes) stop("too-large");
    return total <= run.maxOutputBytes;
  });
  const stderr = collectTail(child.stderr);
  const onAbort = () => processes.end(child, graceMs);
  run.signal.addEventListener("abort", onAbort, { once: true });
  using _timeout = clock.after(run.timeoutMs, () => stop("timeout"));
  using _watch = watchSize(clock, run.isTooLarge, () => stop("too-large"));
  try {
    const exitCode = await exitOf(child);
    if (run.signal.aborted) throw abortErrorOf(run.signal);
    return { end, exitCode, stdout: Buffer.concat(stdout), stderr: stderr() };
  } finally {
    run.signal.removeEventListener("abort", onAbort);
  }
}

function watchSize(clock: Clock, isTooLarge: GitRun["isTooLarge"], stop: () => void): Disposable {
  let timer: Disposable | undefined;
  const look = async () => {
    // What cannot be measured at this moment is measured at the next one.
    const tooLarge = await isTooLarge?.().catch(() => false);
    if (tooLarge === true) stop();
    else if (timer !== undefined) wait();
  };
  const wait = () => {
    timer = clock.after(pollMs, () => void look());
  };
  if (isTooLarge !== undefined) wait();
  return {
    [Symbol.dispose]: () => {
      timer?.[Symbol.dispose]();
      timer = undefined;
    },
  };
}

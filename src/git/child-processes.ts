import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "#runtime/clock.ts";
import { abortErrorOf } from "#runtime/abort.ts";

export interface SpawnOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input: boolean;
}

/** The boot and the clock ticks after it at which a process started: with the id it names one process for ever. Undefined where there is no /proc. */
function startTimeOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return undefined;
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone already: what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/**
 * Starts git in process groups of their own, so that its transports (git-remote-https, ssh) end with it, and notes each on
 * disk, so that the next owner of the directory can end what a killed one left behind before it repairs the mirrors.
 */
export class ChildProcesses {
  readonly #program: string;
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #running = new Map<ChildProcess, Promise<void>>();
  #ended = false;

  constructor(options: { readonly program: string; readonly directory: string; readonly clock: Clock }) {
    this.#program = options.program;
    this.#directory = options.directory;
    this.#clock = options.clock;
    mkdirSync(options.directory, { recursive: true });
  }

  /** Ends the processes that an earlier owner of the directory was killed with, and only those. */
  endOrphans(): void {
    for (const name of readdirSync(this.#directory)) {
      const record = join(this.#directory, name);
      const pid = Number(name);
      if (Number.isInteger(pid) && pid > 1 && startTimeOf(pid) === readFileSync(record, "utf8")) {
        killGroup(pid, "SIGKILL");
      }
      rmSync(record, { force: true });
    }
  }

  /** Throws AbortError once `endAll` was called, so that nothing outlives the store. */
  spawn(args: readonly string[], options: SpawnOptions): ChildProcess {
    if (this.#ended) throw abortErrorOf(AbortSignal.abort(new Error("the git store has ended")));
    const child = spawn(this.#program, args, {
      cwd: options.cwd,
      env: options.environment,
      stdio: [options.input ? "pipe" : "ignore", "pipe", "pipe"],
      detached: true,
    });
    const ended = Promise.withResolvers<void>();
    this.#running.set(child, ended.promise);
    const record = this.#record(child.pid);
    const onEnd = () => {
      if (!this.#running.delete(child)) return;
      if (record !== undefined) rmSync(record, { force: true });
      ended.resolve();
    };
    child.once("close", onEnd);
    child.once("error", onEnd);
    return child;
  }

  #record(pid: number | undefined): string | undefined {
    const startTime = pid === undefined ? undefined : startTimeOf(pid);
    if (startTime === undefined) return undefined;
    const record = join(this.#directory, String(pid));
    writeFileSync(record, startTime);
    return record;
  }

  /** Asks the group to end, and after `graceMs` makes it; safe to call twice. */
  end(child: ChildProcess, graceMs: number): void {
    const { pid } = child;
    if (pid === undefined || !this.#running.has(child)) return;
    killGroup(pid, "SIGTERM");
    const timer = this.#clock.after(graceMs, () => {
      if (this.#running.has(child)) killGroup(pid, "SIGKILL");
    });
    child.once("close", () => timer[Symbol.dispose]());
  }

  /** Ends everything for good; resolves when all are gone. */
  async endAll(graceMs: number): Promise<void> {
    this.#ended = true;
    const all = [...this.#running];
    for (const [child] of all) this.end(child, graceMs);
    await Promise.all(all.map(([, ended]) => ended));
  }
}

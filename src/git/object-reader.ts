import type { ChildProcess } from "node:child_process";
import { MooringError } from "#core/errors/index.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { BatchReply } from "./batch-parser.ts";
import { BatchParser } from "./batch-parser.ts";
import type { ChildProcesses } from "./child-processes.ts";

interface Request {
  readonly command: "info" | "contents";
  readonly name: string;
  readonly resolve: (reply: BatchReply) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
}

export interface ObjectReaderOptions {
  readonly processes: ChildProcesses;
  readonly environment: Readonly<Record<string, string>>;
  /** The bare repository, as an absolute path. */
  readonly directory: string;
  /** A directory that always is there. */
  readonly cwd: string;
  /** Called when a process is started or requests came to an end; the owner decides which readers stay. */
  readonly onUse: () => void;
}

const maxTries = 2;
const graceMs = 500;

/** Reads objects of one mirror through one long-lived `git cat-file`; requests are pipelined and survive one crash of it. */
export class ObjectReader {
  readonly #options: ObjectReaderOptions;
  #process: ChildProcess | undefined;
  /** Answered in the order of asking; `#answered` of them are, and are cut off from time to time. */
  #pending: Request[] = [];
  #answered = 0;
  #unsent: string[] = [];

  constructor(options: ObjectReaderOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  get busy(): boolean {
    return this.#pending.length > this.#answered;
  }

  /** Type and size, without content; `name` must be an object id or `<hex>^{commit}`. */
  async info(name: string, signal: AbortSignal): Promise<BatchReply> {
    return await waitOrAbort(this.#request("info", name), signal);
  }

  /** The object with its content; the caller has checked its size. */
  async contents(oid: string, signal: AbortSignal): Promise<BatchReply> {
    return await waitOrAbort(this.#request("contents", oid), signal);
  }

  /** Ends the process once it has answered what was asked; the next request starts another. */
  release(): void {
    const process = this.#process;
    if (process === undefined || this.busy) return;
    this.#process = undefined;
    process.stdin?.end();
    this.#options.processes.end(process, graceMs);
  }

  /** Ends the process at once; what was asked of it is asked of a new one. For when the files under it were replaced. */
  restart(): void {
    if (this.#process !== undefined) this.#options.processes.end(this.#process, graceMs);
  }

  async #request(command: Request["command"], name: string): Promise<BatchReply> {
    // A line feed in a name would be a second command.
    if (!/^[0-9a-f]{4,64}(?:\^\{commit\})?$/.test(name)) {
      throw new MooringError("INTERNAL", `git object name ${JSON.stringify(name.slice(0, 80))} is not valid`);
    }
    const answer = Promise.withResolvers<BatchReply>();
    this.#send({ command, name, resolve: answer.resolve, reject: answer.reject, tries: 0 });
    try {
      return await answer.promise;
    } finally {
      this.#options.onUse();
    }
  }

  #send(request: Request): void {
    this.#process ??= this.#start();
    request.tries += 1;
    this.#pending.push(request);
    this.#unsent.push(`${request.command} ${request.name}\n`);
    if (this.#unsent.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Sends what was asked in this turn of the event loop together: one write and one answer instead of a thousand. */
  #flush(): void {
    const commands = this.#unsent.join("");
    this.#unsent = [];
    this.#process?.stdin?.write(`${commands}flush\n`);
  }

  #take(): Request | undefined {
    const request = this.#pending[this.#answered];
    this.#answered += 1;
    if (this.#answered === this.#pending.length || this.#answered > 1_000) {
      this.#pending = this.#pending.slice(this.#answered);
      this.#answered = 0;
    }
    return request;
  }

  #start(): ChildProcess {
    const { processes, environment, directory, cwd } = this.#options;
    const child = processes.spawn(["--git-dir", directory, "cat-file", "--batch-command", "--buffer"], {
      environment,
      cwd,
      input: true,
    });
    let stderr = "";
    const parser = new BatchParser(
      () => this.#pending[this.#answered]?.command === "contents",
      (reply) => this.#take()?.resolve(reply),
    );
    child.stdout?.on("data", (chunk: Buffer) => {
      try {
        if (this.#process === child) parser.push(chunk);
      } catch (error) {
        stderr += String(error);
        processes.end(child, 0);
      }
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString("utf8")).slice(-4_096);
    });
    // A write to a process that has just died fails with EPIPE; its end is reported by close.
    child.stdin?.on("error", () => undefined);
    child.once("error", (error) => this.#onEnd(child, error.message));
    child.once("close", () => this.#onEnd(child, stderr.trim()));
    this.#options.onUse();
    return child;
  }

  #onEnd(child: ChildProcess, said: string): void {
    if (this.#process !== child) return;
    this.#process = undefined;
    const pending = this.#pending.slice(this.#answered);
    this.#pending = [];
    this.#answered = 0;
    this.#unsent = [];
    for (const request of pending) this.#sendAgain(request, said);
  }

  #sendAgain(request: Request, said: string): void {
    try {
      if (request.tries < maxTries) this.#send(request);
      else request.reject(new Error(`git cat-file ended: ${said === "" ? "no reason given" : said}`));
    } catch (error) {
      request.reject(error);
    }
  }
}

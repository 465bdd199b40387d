import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { LuaScript, ScriptOutcome, Scripts } from "#ports/scripts.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import { decodeMessage, encodeMessage } from "../engine-message.ts";
import { openEngineModules } from "../engine-modules.ts";
import { engineClock } from "../thread/engine/engines.ts";
import type { RunEnd } from "./script-thread-host.ts";
import { ScriptQueue } from "./script-queue.ts";

interface ScriptLimits {
  /** For one input. */
  readonly timeoutMs: number;
  readonly maxMemoryMb: number;
  /** What one run gives, as JSON. An object of Kubernetes has at most 1.5 MiB. */
  readonly maxOutputBytes: number;
  readonly maxProgramBytes: number;
}

export interface ScriptsOptions {
  readonly limits?: Partial<ScriptLimits>;
  /** What Lua takes for the time. */
  readonly clock?: Clock;
}

const mebibyte = 1024 * 1024;

const defaultLimits: ScriptLimits = {
  timeoutMs: 1000,
  maxMemoryMb: 128,
  maxOutputBytes: 2 * mebibyte,
  maxProgramBytes: 64 * 1024,
};

/** After so many late inputs of one call the others are not tried: a thousand of them would take a thousand seconds. */
const maxLateRuns = 3;
const maxHeaderBytes = 64 * 1024;

/** Runs scripts in one thread, which starts when the first of them is run. */
export function startScripts(options: ScriptsOptions = {}): Scripts & AsyncDisposable {
  return new ThreadedScripts(options);
}

interface Program {
  readonly text: string;
  /** The header of the request. */
  readonly request: object;
  readonly clockSeconds: number;
}

class ThreadedScripts implements Scripts, AsyncDisposable {
  readonly #limits: ScriptLimits;
  readonly #clock: Clock;
  readonly #queue: ScriptQueue;
  readonly #closed = new AbortController();

  constructor({ limits = {}, clock = systemClock }: ScriptsOptions) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#clock = clock;
    const { timeoutMs, maxMemoryMb } = this.#limits;
    let module: Promise<WebAssembly.Module> | undefined;
    this.#queue = new ScriptQueue({
      timeoutMs,
      maxMemoryMb,
      loadModule: () => (module ??= loadModule(maxMemoryMb)),
    });
  }

  jq(program: string, inputs: readonly JsonValue[], signal: AbortSignal): Promise<readonly ScriptOutcome[]> {
    const request = { render: "jq", program };
    return this.#runAll({ text: program, request, clockSeconds: engineClock }, inputs, signal);
  }

  lua(
    { text, opensLibraries }: LuaScript,
    globals: readonly Readonly<Record<string, JsonValue>>[],
    signal: AbortSignal,
  ): Promise<readonly ScriptOutcome[]> {
    const request = { render: "lua", script: text, opensLibraries };
    const clockSeconds = Math.floor(this.#clock.now() / 1000);
    return this.#runAll({ text, request, clockSeconds }, globals, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new DOMException("the scripts were closed", "AbortError"));
    await this.#queue.end();
  }

  async #runAll(
    program: Program,
    inputs: readonly JsonValue[],
    signal: AbortSignal,
  ): Promise<readonly ScriptOutcome[]> {
    const { maxProgramBytes, timeoutMs } = this.#limits;
    if (Buffer.byteLength(program.text) > maxProgramBytes) {
      const tooLong = failure(`it is longer than ${maxProgramBytes} bytes; make it shorter`);
      return inputs.map(() => tooLong);
    }
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    const name = createHash("sha256").update(program.text).digest("base64");
    const outcomes: ScriptOutcome[] = [];
    let late = 0;
    for (const input of inputs) {
      if (late >= maxLateRuns) {
        outcomes.push(
          failure(`it is not run any more, because ${late} runs took longer than ${timeoutMs} ms`),
        );
        continue;
      }
      const end = await this.#queue.run({ program: name, ...this.#jobOf(program, input) }, ended);
      if (end.kind === "late") late += 1;
      outcomes.push(this.#outcomeOf(end));
    }
    return outcomes;
  }

  #jobOf({ request, clockSeconds }: Program, input: JsonValue) {
    const limits = { maxOutputBytes: this.#limits.maxOutputBytes };
    const body = new TextEncoder().encode(JSON.stringify(input));
    return { request: encodeMessage({ ...request, limits }, body), clockSeconds };
  }

  #outcomeOf(end: RunEnd): ScriptOutcome {
    const { timeoutMs, maxMemoryMb } = this.#limits;
    switch (end.kind) {
      case "answered":
        return parseReply(end.reply);
      case "late":
        return failure(`it ran longer than ${timeoutMs} ms and was ended; look for a loop without an end`);
      case "memory":
        return failure(`it needs more than ${maxMemoryMb} MiB of memory; look for a text or list that grows`);
      case "depth":
        return failure("it calls itself without end");
      case "bug":
        return failure("the thread that ran it ended before it had answered");
      default:
        throw new Error(`unhandled end: ${JSON.stringify(end satisfies never)}`);
    }
  }
}

async function loadModule(maxMemoryMb: number): Promise<WebAssembly.Module> {
  const directory = fileURLToPath(new URL("../engine/", import.meta.url));
  const modules = await openEngineModules({ directory, maxEngineMemoryMb: maxMemoryMb });
  return modules.load("scripts");
}

function failure(message: string): ScriptOutcome {
  return { ok: false, message };
}

function parseReply(reply: Uint8Array): ScriptOutcome {
  const { header, body } = decodeMessage(reply, maxHeaderBytes);
  if (header["ok"] !== true) return failure(viewString(header, "error", "message") ?? "it failed");
  return { ok: true, values: JSON.parse(new TextDecoder().decode(body)) as JsonValue[] };
}

import { MooringError } from "#core/errors/index.ts";

export interface EngineEnd {
  /** The render's path. */
  readonly path: string;
  readonly maxEngineMemoryMb: number;
  /** What the engine wrote at its end; it may quote the user's text, so it is looked at and never shown. */
  readonly stderr: string;
  readonly cause: unknown;
}

/** Why an engine ended: calls without end, no more memory, or a bug. */
export function reasonOfEnd({ stderr, cause }: Pick<EngineEnd, "stderr" | "cause">) {
  const said = `${stderr}\n${String(cause)}`;
  if (/stack overflow|stack exceeds|call stack size exceeded/i.test(said)) return "depth";
  const memory = /out of memory|cannot allocate|allocation failed|makeslice: len out of range/i;
  return memory.test(said) ? "memory" : "bug";
}

/** The error of a render in which the engine itself ended. */
export function describeEngineEnd({ path, maxEngineMemoryMb, stderr, cause }: EngineEnd): MooringError {
  const name = path === "" ? "." : path;
  const reason = reasonOfEnd({ stderr, cause });
  if (reason === "depth") {
    return new MooringError(
      "RENDER_INVALID",
      `${name}: the source calls itself, or nests, without end; look for a template, an include, a tpl or a function that reaches itself, and for values thousands of levels deep`,
      { cause },
    );
  }
  if (reason === "memory") {
    return new MooringError(
      "RENDER_TOO_LARGE",
      `${name}: rendering needs more than ${maxEngineMemoryMb} MiB of memory; split the application or raise the limit`,
      { cause },
    );
  }
  const place = /\b([\w.-]+\.go:\d+)/.exec(stderr)?.[1];
  const where = place === undefined ? "" : ` at ${place}`;
  return new MooringError(
    "RENDER_CRASHED",
    `${name}: the render engine ended${where} before it had answered`,
    { cause },
  );
}

import type { ErrorCode } from "#core/errors/index.ts";
import { MooringError } from "#core/errors/index.ts";

/** Where in the sources something stands, for messages: lines and documents count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  /** Document in a file of several; undefined when the file cannot hold more than one. */
  readonly document?: number;
}

/**
 * A file that cannot be rendered. The problem must name keys and fields only, never a value: files hold Secrets, and a
 * message travels to logs, conditions and events.
 */
export class ManifestError extends MooringError {
  constructor(position: Position, problem: string, code: ErrorCode = "RENDER_INVALID") {
    const document = position.document === undefined ? "" : ` (document ${position.document})`;
    super(code, `${position.file}:${position.line}${document}: ${problem}`);
  }
}

/** A key as messages show it: quoted when odd, cut when long. */
export function formatKey(key: string): string {
  const short = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  return /^[\w./-]+$/.test(short) ? short : JSON.stringify(short);
}

/** A field path as messages show it: `spec.containers[0].image`. */
export function formatFieldPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path.length > 12 ? path.slice(0, 12) : path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_]\w*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${formatKey(step)}]`;
  }
  return path.length > 12 ? `${text}…` : text;
}

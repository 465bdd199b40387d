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

import type { OperationPhase } from "#core/sync/index.ts";

/** The reason with which a running operation is aborted: somebody terminated it, or a newer commit supersedes it. */
export class OperationStopped extends Error {
  readonly phase: OperationPhase;

  constructor(phase: OperationPhase, message: string) {
    super(message);
    this.name = "OperationStopped";
    this.phase = phase;
  }
}

import type { OperationPhase } from "#core/sync/index.ts";

/** The reason with which a running operation is aborted: somebody terminated it, a newer commit supersedes it, or its time is over. */
export class OperationStopped extends Error {
  readonly phase: OperationPhase;
  /** It is stopped because of what it deploys. */
  readonly blamesRevision: boolean;

  constructor(
    phase: OperationPhase,
    message: string,
    { blamesRevision = false }: { readonly blamesRevision?: boolean } = {},
  ) {
    super(message);
    this.name = "OperationStopped";
    this.phase = phase;
    this.blamesRevision = blamesRevision;
  }
}

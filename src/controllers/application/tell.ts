import { waitOrAbort } from "#runtime/abort.ts";
import type { OperationRun } from "./run-operation.ts";

/** Resolves when the Application says what the operation has done so far. */
export async function tell({ running, deps, signal }: OperationRun): Promise<void> {
  running.told ??= Promise.withResolvers<void>();
  const { promise } = running.told;
  deps.onTell();
  await waitOrAbort(promise, AbortSignal.any([signal, running.stop.signal]));
}

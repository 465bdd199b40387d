import { appKeyOf } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { operationMessages } from "#core/sync/index.ts";
import type { ApplicationDeps } from "./deps.ts";
import { OperationStopped } from "./operation-stopped.ts";

/**
 * Ends the operation of an application that somebody terminates, at once: the worker that would see it in turn may be waiting for a
 * repository, a renderer or a cluster that hangs, and so may the operation.
 */
export function interrupt(object: KubeObject, deps: ApplicationDeps): void {
  const state = deps.states.get(appKeyOf(object));
  if (state?.running?.recorded !== true || state.running.stop.signal.aborted) return;
  if (viewString(object, "status", "operationState", "phase") !== "Terminating") return;
  state.running.stop.abort(new OperationStopped("Failed", operationMessages.terminated));
  state.interruption?.abort();
}

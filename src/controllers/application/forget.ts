import type { AppKey } from "#core/app/index.ts";
import { parseAppKey } from "#core/app/index.ts";
import { appInstanceName } from "#core/tracking/index.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import type { ApplicationDeps } from "./deps.ts";
import { heldClaimant } from "./held.ts";
import { OperationStopped } from "./operation-stopped.ts";

/** Lets go of an application that no longer exists: its operation, its claims, its memory. */
export function forgetApplication(key: AppKey, deps: ApplicationDeps): Outcome {
  const { namespace, name } = parseAppKey(key);
  const instance = appInstanceName(namespace, name, deps.hub.namespace);
  deps.states.get(key)?.running?.stop.abort(new OperationStopped("Failed", "the application was deleted"));
  deps.states.delete(key);
  deps.timeline?.forget(key);
  deps.contests.note(instance, []);
  for (const claimant of [instance, heldClaimant({ instance }), `${instance}#operation`, `${instance}#plan`])
    deps.registry.release(claimant);
  // Not taken off the queue: an application created again under the name may be waiting there.
  deps.queue.forget(key);
  return { kind: "stalled" };
}

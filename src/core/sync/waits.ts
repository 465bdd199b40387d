import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import { actionsOf } from "./actions.ts";
import type { SyncPlan } from "./plan.ts";

/** What an operation waits for, as its message says it. */
export interface Wait {
  /** `waiting for completion of hook batch/Job/migrate`. */
  readonly message: string;
  /** RFC 3339. */
  readonly since: string;
  /** What ends the wait when nothing else does. */
  readonly wayOut: string;
}

const toStopIt = "; to stop it ";

/** The operation's message while it waits: for what, since when, and what ends it. Argo CD's words stand first. */
export function formatWait({ message, since, wayOut }: Wait): string {
  return `${message}, since ${since}${toStopIt}${wayOut}`;
}

/** What a message says is waited for, without the advice. */
export function viewWait(message: string): string {
  return message.split(toStopIt)[0] ?? message;
}

/** The objects of a plan whose pruning somebody has to approve. */
export function awaitedConfirmations({ waves }: SyncPlan): readonly ObjectKey[] {
  return actionsOf(...waves).flatMap((action) =>
    action.verb === "prune" && action.needsConfirmation === true ? [action.key] : [],
  );
}

/** `waiting for pruning confirmation of ConfigMap/shop/a and 2 more`, with what to do. */
export function formatConfirmation(keys: readonly ObjectKey[], howTo: string): string {
  const [first, ...others] = keys;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `waiting for pruning confirmation of ${first === undefined ? "nothing" : formatObjectKey(first)}${more}; to approve it ${howTo}`;
}

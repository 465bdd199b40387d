import type { Application, DeletionStage, FoundCondition } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, inventoryOf, setConditions } from "#core/app/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import type { Deletion } from "./deletion.ts";
import { isAsked, requestedAtMs } from "./deletion.ts";
import { writeStatus } from "./write-status.ts";

const retryMs = 30_000;
/** Objects are awaited by their events; this only covers an event that never comes. */
const lookAgainMs = 10_000;
/** A deletion that is over so soon needs no words. */
const silentMs = 5_000;

/** Says on the Application why its deletion does not go on, and what lets it go without. */
export function reportFailure(message: string, stage: DeletionStage, deletion: Deletion): Promise<Outcome> {
  const name = formatAppKey(appKeyOf(deletion.app));
  return report([{ type: "DeletionError", message: `${name}: ${message}; ${wayOut(stage)}` }], deletion);
}

/** What cannot be done, for messages: `its objects (ConfigMap/shop/a and 2 more) cannot be deleted`. */
export function troubleOf({ do: work }: DeletionStage, app: Application): string {
  if (work === "run-hooks") return "its hooks on deletion cannot be run";
  if (work === "clean-hooks") return "its hooks on deletion cannot be cleaned up";
  const [first, ...others] = new Set(inventoryOf(app));
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const objects = first === undefined ? "" : ` (${formatObjectKey(first)}${more})`;
  return `its objects${objects} cannot be deleted`;
}

/** Says what holds the deletion up, where the message itself says what to do about it. */
export function reportProblem(message: string, deletion: Deletion): Promise<Outcome> {
  return report([{ type: "DeletionError", message }], deletion);
}

/** Says what the deletion waits for, if it takes long; what was wrong before is over. */
export async function reportWaiting(
  message: string,
  stage: DeletionStage,
  deletion: Deletion,
): Promise<Outcome> {
  const { app, deps, state } = deletion;
  const now = deps.adapters.clock.now();
  const sinceMs = requestedAtMs(app);
  const dueMs = Math.max(sinceMs + silentMs, (state.deletionToldAtMs ?? 0) + lookAgainMs) - now;
  if (dueMs > 0 && !hasFailed(app) && !isAsked(app))
    return { kind: "waiting", requeueAfterMs: Math.min(dueMs, lookAgainMs) };
  state.deletionToldAtMs = now;
  const text = `waiting for ${message}, deleting since ${formatTime(sinceMs)}; ${wayOut(stage)}`;
  await report([{ type: "DeletionWarning", message: text }], deletion);
  return { kind: "waiting", requeueAfterMs: lookAgainMs };
}

function hasFailed({ status }: Application): boolean {
  return (status?.conditions ?? []).some(({ type }) => type === "DeletionError");
}

const consequences: Readonly<Record<DeletionStage["do"], string>> = {
  "run-hooks": "to go on without these hooks",
  "clean-hooks": "to leave the hooks where they are",
  "delete-objects": "to leave the objects where they are",
};

function wayOut({ do: work, finalizers }: DeletionStage): string {
  return `${consequences[work]}, remove ${finalizers.join(", ")} from metadata.finalizers`;
}

async function report(found: readonly FoundCondition[], { app, deps, signal }: Deletion): Promise<Outcome> {
  const now = formatTime(deps.adapters.clock.now());
  const conditions = setConditions(app.status?.conditions ?? [], {
    evaluated: ["DeletionError", "DeletionWarning"],
    found: found.map((one) => ({ ...one, message: deps.redact(one.message) })),
    now,
  });
  await writeStatus({ app, status: { ...app.status, conditions } }, deps, signal);
  return { kind: "waiting", requeueAfterMs: retryMs };
}

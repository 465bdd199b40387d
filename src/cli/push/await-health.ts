import type { Health } from "#core/health/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import { awaitChange } from "#engine/await-change.ts";
import type { Clock } from "#runtime/clock.ts";
import type { PreparedPush } from "./prepare.ts";

interface AwaitHealth {
  readonly clock: Clock;
  readonly onWait: (message: string) => void;
  readonly signal: AbortSignal;
}

interface Pending {
  readonly key: ObjectKey;
  readonly health: Health | undefined;
}

const shown = 3;
/** As far as a paused workload gets. */
const settled = ["Healthy", "Suspended"];

/** Waits until everything that was applied is healthy. */
export async function awaitHealth(
  prepared: PreparedPush,
  { clock, onWait, signal }: AwaitHealth,
): Promise<void> {
  const { context, compared, health } = prepared;
  const keys = compared
    .filter((one) => one.desired !== undefined && !one.hook && !one.ignoreHealth)
    .map(({ key }) => key);
  const { live } = context;
  await live.claim("health", new Set(keys), signal);
  for (;;) {
    const objects = keys.map((key) => live.get(key)).filter((object) => object !== undefined);
    await health.learn(objects, signal);
    const pending = keys.flatMap((key): readonly Pending[] => {
      const object = live.get(key);
      const found: Health | undefined =
        object === undefined ? { status: "Missing", message: "" } : health.assess(object);
      return found === undefined || settled.includes(found.status) ? [] : [{ key, health: found }];
    });
    if (pending.length === 0) return;
    onWait(`waiting for health of ${formatPending(pending)}`);
    await awaitChange(live, new Set(pending.map(({ key }) => key)), { clock, signal });
  }
}

function formatPending(pending: readonly Pending[]): string {
  const some = pending.slice(0, shown).map(({ key, health }) => {
    const { status = "Unknown", message = "" } = health ?? {};
    return `${formatObjectKey(key)} (${status}${message === "" ? "" : `: ${message}`})`;
  });
  const more = pending.length > shown ? ` and ${pending.length - shown} more` : "";
  return `${some.join(", ")}${more}`;
}

import { MooringError } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { actionsOf } from "#core/sync/index.ts";
import { ownsObject } from "#core/tracking/index.ts";
import { respectBy } from "#engine/ignored-fields.ts";
import type { RunOptions, RunProgress } from "#engine/plan-run.ts";
import type { KeptInventory } from "#engine/push/inventory-store.ts";
import { writeInventory } from "#engine/push/inventory-store.ts";
import type { RunOutcome } from "#engine/run-plan.ts";
import { runPlan } from "#engine/run-plan.ts";
import type { Clock } from "#runtime/clock.ts";
import type { PreparedPush } from "./prepare.ts";

interface RunPush {
  readonly clock: Clock;
  /** For people who look at the inventory. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly onProgress: (progress: RunProgress) => void;
  readonly signal: AbortSignal;
}

const concurrency = 8;

/**
 * Carries a plan out as the controller does. The inventory holds everything that may be there before the first object is applied: whatever
 * ends this process, the next apply knows it.
 */
export async function runPush(prepared: PreparedPush, run: RunPush): Promise<RunOutcome> {
  const { kept, inventoryPlace, secretKey } = prepared;
  const place = { ...inventoryPlace, signal: run.signal };
  const union = new Set([...kept.keys, ...appliedKeys(prepared)]);
  const write = (before: KeptInventory, keys: Iterable<ObjectKey>) =>
    writeInventory(place, before, { keys, secretKey, annotations: run.annotations });
  const isKnown = kept.secret !== undefined && union.size === new Set(kept.keys).size;
  const before = isKnown ? kept : await write(kept, union);
  const outcome = await runPlan(prepared.plan, optionsFor(prepared, run));
  const pruned = outcome.results.filter(({ result }) => result.code === "Pruned").map(({ key }) => key);
  const gone = new Set([...pruned, ...(await goneKeys(prepared, run.signal))]);
  const left = [...union].filter((key) => !gone.has(key));
  const isSame = left.length === before.keys.length;
  if (!isSame) await write(before, left);
  return outcome;
}

/** Everything that the files want and that may be pruned once, whether it has to be changed or not. */
function appliedKeys({ compared, plan, inventoryPlace }: PreparedPush): readonly ObjectKey[] {
  const planned = actionsOf(...plan.waves).flatMap((one) =>
    one.verb === "apply" && one.hook === undefined ? [one.key] : [],
  );
  const ours = compared.filter((one) => one.desired !== undefined && !one.hook && one.trackedByUs);
  return [...planned, ...ours.map(({ key }) => key)].filter((key) => !isHome(key, inventoryPlace.namespace));
}

/** What was pushed once, left the files and is not there any more, or not ours. Of a kind that cannot be listed right now nobody knows. */
async function goneKeys(
  { context, kept, compared, desired }: PreparedPush,
  signal: AbortSignal,
): Promise<readonly ObjectKey[]> {
  const discovery = await context.live.cluster.discover(signal);
  const there = new Set([...compared.map(({ key }) => key), ...desired.objects.map(({ key }) => key)]);
  return kept.keys.filter((key) => {
    const { group, kind } = parseObjectKey(key);
    const isServed = discovery.typeOf(group, kind) !== undefined;
    return !there.has(key) && (isServed || discovery.failed.size === 0);
  });
}

/** The inventory would go with it, and whatever else is in there. */
function isHome(key: ObjectKey, namespace: string): boolean {
  const { group, kind, name } = parseObjectKey(key);
  return group === "" && kind === "Namespace" && name === namespace;
}

function optionsFor(
  { context, compared, rules, health }: PreparedPush,
  { clock, onProgress, signal }: RunPush,
): RunOptions {
  const { live, tracking, instance } = context;
  return {
    writer: live.cluster,
    live,
    claimant: `${instance}#plan`,
    clock,
    assess: health.assess,
    learnHealth: health.learn,
    isOurs: (object) => ownsObject(object, tracking),
    respect: respectBy(rules, { cluster: live.cluster, tracking }),
    apiVersions: new Map(compared.map((object) => [object.key, object.apiVersion])),
    concurrency,
    slot: (work) => work(),
    earlier: [],
    onBegun: () => undefined,
    onApplied: () => undefined,
    onProgress,
    confirmation: {
      isGiven: () => false,
      given: () =>
        Promise.reject(
          new MooringError(
            "SYNC_REFUSED",
            `application ${context.app.metadata.name}: something asks for confirmation before it is deleted (Prune=confirm); give --confirm-deletion`,
          ),
        ),
      howTo: "run again with --confirm-deletion",
    },
    wayOut: "press Ctrl-C",
    waveDelayMs: 0,
    tell: () => Promise.resolve(),
    signal,
    // A second interrupt ends the process itself; the first lets hooks be ended.
    shutdown: new AbortController().signal,
  };
}

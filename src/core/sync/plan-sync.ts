import { MooringError } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import { viewHooks } from "#core/tracking/index.ts";
import { planApplies, planNamespace } from "./applies.ts";
import { pullDependencies } from "./dependencies.ts";
import { planRefusals } from "./guards.ts";
import { planHooks } from "./hooks.ts";
import type { PlanInput } from "./input.ts";
import { compareKeys, compareText } from "./kind-order.ts";
import type { Decided, Placement } from "./placement.ts";
import type { SkipAction, SyncPlan } from "./plan.ts";
import { planPrunes } from "./prunes.ts";
import { formWaves } from "./waves.ts";

/**
 * Decides everything one sync does, in which order and why; see this folder's README. The order of the input does not
 * matter. Throws SYNC_INVALID when two desired objects have the same identity.
 */
export function planSync(input: PlanInput): SyncPlan {
  const applies = planApplies(input);
  const hooks = planHooks(input);
  refuseDuplicates(input, hooks.placements);
  const placements = pullDependencies([...applies.placements, ...hooks.placements]);
  const prunes = planPrunes(input);
  const skipped = [...applies.skipped, ...hooks.skipped, ...prunes.skipped];
  const { app, operation, options } = input;
  return {
    app,
    revision: operation.revision,
    dryRun: options.dryRun,
    partial: options.selected !== undefined,
    waves: formWaves(withNamespace(placements, planNamespace(input)), prunes.prunes, input),
    skipped: skipped.toSorted(compareSkips),
    refusals: planRefusals(input, { placements, prunes, skipped: [...skipped, ...skippedHooks(hooks)] }),
  };
}

/** Hooks that must not run keep their wave: the sync stops there. */
function skippedHooks({ placements }: Decided): readonly SkipAction[] {
  return placements.flatMap(({ action }) => (action.verb === "skip" ? [action] : []));
}

function compareSkips(a: SkipAction, b: SkipAction): number {
  return compareKeys(a.key, b.key) || compareText(a.message, b.message);
}

/** The namespace goes before everything, in a wave of its own. */
function withNamespace(
  placements: readonly Placement[],
  namespace: Placement | undefined,
): readonly Placement[] {
  if (namespace === undefined) return placements;
  const waves = placements.filter((one) => one.phase === "PreSync").map((one) => one.wave);
  return [{ ...namespace, wave: Math.min(0, ...waves.map((wave) => wave - 1)) }, ...placements];
}

function refuseDuplicates({ objects }: PlanInput, hooks: readonly Placement[]): void {
  const identities = [
    ...objects
      .filter((object) => !viewHooks(object.desired).isHook)
      .map((object) => ({ key: object.key, role: "object" })),
    ...hooks.map((one) => ({ key: one.action.key, role: one.phase })),
  ];
  const seen = new Set<string>();
  for (const { key, role } of identities) {
    const identity = `${role} ${key}`;
    if (seen.has(identity)) throw duplicate(key);
    seen.add(identity);
  }
}

function duplicate(key: ObjectKey): MooringError {
  return new MooringError(
    "SYNC_INVALID",
    `${formatObjectKey(key)}: rendered twice; remove one of the two or give it another name`,
    { key },
  );
}

import { formatObjectKey } from "#core/object/index.ts";
import { viewHooks } from "#core/tracking/index.ts";
import { indexCrds, kindOf } from "./dependencies.ts";
import type { PlanInput } from "./input.ts";
import { compareKeys, compareText } from "./kind-order.ts";
import type { Placement } from "./placement.ts";
import type { DecidedPrunes } from "./prunes.ts";
import type { Refusal, SkipAction } from "./plan.ts";

/** What the guards look at. */
export interface Guarded {
  readonly placements: readonly Placement[];
  readonly prunes: DecidedPrunes;
  readonly skipped: readonly SkipAction[];
}

/** Why the plan must not be run. Each guard has its own override: none of them opens another one. */
export function planRefusals(input: PlanInput, guarded: Guarded): readonly Refusal[] {
  return [
    ...refuseUnknownKinds(guarded.placements),
    ...refuseShared(input, guarded.skipped),
    ...refuseEmptyRender(input),
    ...refuseMassPrune(input, guarded.prunes),
  ];
}

function refuseUnknownKinds(placements: readonly Placement[]): readonly Refusal[] {
  const crds = indexCrds(placements);
  return placements
    .filter(({ source }) => source !== undefined && !source.kindServed)
    .flatMap(({ action }) => (action.verb === "apply" && !action.skipDryRunOnMissingResource ? [action] : []))
    .filter(({ key }) => !crds.has(kindOf(key)))
    .toSorted((a, b) => compareKeys(a.key, b.key))
    .map(({ key, desired: { apiVersion, kind } }) => ({
      guard: "unknown-kind",
      message: `${formatObjectKey(key)}: the cluster does not serve ${apiVersion} ${kind}; correct apiVersion and kind, or install its CustomResourceDefinition first or with it`,
      override: "set sync option SkipDryRunOnMissingResource=true on the object or the application",
    }));
}

function refuseShared({ options }: PlanInput, skipped: readonly SkipAction[]): readonly Refusal[] {
  if (!options.failOnSharedResource) return [];
  const shared = skipped.filter((one) => one.because === "owned-by-other").map((one) => one.message);
  if (shared.length === 0) return [];
  return [
    {
      guard: "shared-resource",
      message: shared.toSorted(compareText).join("\n"),
      override: "remove sync option FailOnSharedResource=true to sync the other objects",
    },
  ];
}

function countTracked({ inventory }: PlanInput): number {
  return inventory.filter(
    (entry) => entry.trackedByUs && entry.live !== undefined && !viewHooks(entry.live).isHook,
  ).length;
}

function refuseEmptyRender(input: PlanInput): readonly Refusal[] {
  const { app, operation, options, objects } = input;
  const empty = objects.every((object) => viewHooks(object.desired).isHook);
  const tracked = countTracked(input);
  if (!empty || tracked === 0 || !options.prune || options.allowEmpty) return [];
  return [
    {
      guard: "empty-render",
      message: `application ${app}: revision ${operation.revision} renders no object, and syncing it would prune what the application has, ${tracked} objects`,
      override: "set syncPolicy.automated.allowEmpty=true or sync option AllowEmpty=true",
    },
  ];
}

function refuseMassPrune(input: PlanInput, { prunes }: DecidedPrunes): readonly Refusal[] {
  const { allowMassPrune, maxPruneCount, maxPruneShare } = input.options;
  const tracked = countTracked(input);
  const count = prunes.filter((one) => one.action.verb === "prune").length;
  if (allowMassPrune || count <= maxPruneCount || count <= tracked * maxPruneShare) return [];
  return [
    {
      guard: "mass-prune",
      message: `application ${input.app}: would prune ${count} of its ${tracked} objects, more than ${maxPruneCount} and more than ${Math.round(maxPruneShare * 100)} % of it`,
      override: "set sync option AllowMassPrune=true",
    },
  ];
}

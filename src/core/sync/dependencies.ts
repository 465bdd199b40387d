import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, parseObjectKey, viewString } from "#core/object/index.ts";
import { namespaceKey } from "./applies.ts";
import type { Placement } from "./placement.ts";
import { comparePlaces, isCrdKey } from "./placement.ts";
import { compareKeys } from "./kind-order.ts";

/** `group/Kind` that a CustomResourceDefinition defines. */
export function viewDefinedKind(crd: KubeObject): string {
  return `${viewString(crd, "spec", "group") ?? ""}/${viewString(crd, "spec", "names", "kind") ?? ""}`;
}

/** `group/Kind` of a key, to be looked up among the defined ones. */
export function kindOf(key: ObjectKey): string {
  const { group, kind } = parseObjectKey(key);
  return `${group}/${kind}`;
}

/** The CRDs among the placements by the kind that they define. */
export function indexCrds(placements: readonly Placement[]): ReadonlyMap<string, readonly ObjectKey[]> {
  const crds = placements.flatMap(({ source, action }) =>
    source !== undefined && isCrdKey(action.key)
      ? [{ kind: viewDefinedKind(source.desired), key: action.key }]
      : [],
  );
  const grouped = Object.entries(Object.groupBy(crds, (crd) => crd.kind));
  return new Map(grouped.map(([kind, defining = []]) => [kind, defining.map((crd) => crd.key)]));
}

/** The keys that must exist before an object can be applied. */
function dependenciesOf(
  key: ObjectKey,
  crds: ReadonlyMap<string, readonly ObjectKey[]>,
): readonly ObjectKey[] {
  const { namespace } = parseObjectKey(key);
  return [...(namespace === "" ? [] : [namespaceKey(namespace)]), ...(crds.get(kindOf(key)) ?? [])];
}

/**
 * Moves a namespace to the place of the earliest object that lives in it, and a CRD to that of its earliest resource, when its
 * own wave would come later: that object could not be applied otherwise. Inside the wave the kind order puts it first.
 */
export function pullDependencies(placements: readonly Placement[]): readonly Placement[] {
  const crds = indexCrds(placements);
  const earliest = new Map<ObjectKey, Placement>();
  for (const dependent of placements) {
    // The sync has failed by then: what could not be created before will not be created for the failure's hooks.
    if (dependent.phase === "SyncFail") continue;
    for (const key of dependenciesOf(dependent.action.key, crds)) {
      const known = earliest.get(key);
      if (known === undefined || isBefore(dependent, known)) earliest.set(key, dependent);
    }
  }
  return placements.map((placement) => pull(placement, earliest.get(placement.action.key)));
}

function isBefore(a: Placement, b: Placement): boolean {
  return (comparePlaces(a, b) || compareKeys(a.action.key, b.action.key)) < 0;
}

function pull(placement: Placement, dependent: Placement | undefined): Placement {
  if (dependent === undefined || placement.hook || comparePlaces(dependent, placement) >= 0) return placement;
  const { phase, wave } = dependent;
  const pulledAhead = `${formatObjectKey(dependent.action.key)} in ${phase} wave ${wave} needs it`;
  const { action } = placement;
  return { ...placement, phase, wave, action: action.verb === "apply" ? { ...action, pulledAhead } : action };
}

import type { JsonObject } from "#core/object/index.ts";
import { randomFrom } from "../../../merge/random-edits.ts";
import type { Step } from "../run-script.ts";
import { randomAction } from "./actions/random-action.ts";
import { create, createMinimal, tryToCreate } from "./actions/writes.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { configMaps, secrets } from "./kinds/config.ts";
import { betaGadgets, gadgets, looses } from "./kinds/custom.ts";
import { definitionKind } from "./kinds/definitions.ts";
import { others } from "./kinds/others.ts";
import type { RandomKind } from "./kinds/random-kind.ts";
import { services } from "./kinds/services.ts";
import { cronJobs, daemonSets, deployments, jobs, replicaSets, statefulSets } from "./kinds/workloads.ts";

const kinds: readonly RandomKind[] = [
  configMaps,
  secrets,
  services,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
  gadgets,
  betaGadgets,
  looses,
  ...others,
];

/** A watch that lasts to the end of a script. */
export interface RandomWatch {
  /**
   * From the revision of a list, opened at once or only after the last step; with the events that make up the state first and a
   * bookmark after them, or as watches began before there were such bookmarks.
   */
  readonly from: "list" | "replay" | "initial" | "state";
  /** Selectors, which all select the object that ends it. */
  readonly query: string;
  readonly accept: string;
}

export interface RandomScript {
  readonly kind: RandomKind;
  readonly before: readonly Step[];
  /** Begins between the steps. */
  readonly watch: RandomWatch | undefined;
  readonly after: readonly Step[];
}

/** Every so many seeds are about definitions. */
const definitionEvery = 20;

/** The script that a seed decides: requests of all kinds about two objects of one kind, by several managers. */
export function randomScript(seed: number): RandomScript {
  const draw = drawFrom(randomFrom(seed));
  if (seed % definitionEvery === 0) return definitionScript(draw);
  const kind = draw.pick(kinds.flatMap((each) => Array.from({ length: each.weight }, () => each)));
  const count = 5 + draw.below(5);
  const first = draw.chance(0.85) ? draw.pick([create, createMinimal])({ kind, draw }) : [];
  const actions = [first, ...Array.from({ length: count }, () => randomAction({ kind, draw }))];
  const watch = draw.chance(0.4) ? randomWatch(draw) : undefined;
  const at = draw.chance(0.5) ? 0 : draw.below(actions.length);
  return { kind, before: actions.slice(0, at).flat(), watch, after: actions.slice(at).flat() };
}

const selectors = [
  "",
  "",
  "",
  "labelSelector=l",
  "labelSelector=l%3D1",
  "fieldSelector=metadata.name!%3Dtwo",
  "fieldSelector=metadata.namespace%3D$ns",
];
const partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

function randomWatch(draw: Draw): RandomWatch {
  return {
    from: draw.pick(["list", "list", "replay", "initial", "state"]),
    query: draw.pick(selectors),
    accept: draw.chance(0.85) ? "application/json" : partial,
  };
}

function definitionScript(draw: Draw): RandomScript {
  const kind = definitionKind;
  const tries = Array.from({ length: 5 + draw.below(5) }, () => tryToCreate({ kind, draw }));
  return { kind, before: tries.flat(), watch: undefined, after: [] };
}

/** The object whose appearance ends a script's watch. */
export function lastObject({ head, minimal }: RandomKind): JsonObject {
  return { ...head, metadata: { name: "last", labels: { l: "1", app: "1" } }, ...minimal };
}

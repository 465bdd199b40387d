import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import { canonicalJson, jsonEqual, keyOf, parseObjectKey } from "#core/object/index.ts";
import type { InventoryEntry, PlanInput, PlannedObject, PlanOptions } from "./input.ts";
import { kindRank } from "./kind-order.ts";
import type { Action, SyncPlan } from "./plan.ts";
import { planSync } from "./plan-sync.ts";
import { input, object, widgetCrd } from "./testdata/build.ts";
import { recorded } from "./testdata/record.ts";

/** A cluster as far as a plan can change it: fields that were applied, and the application that each object carries. */
type Cluster = Map<ObjectKey, { readonly object: KubeObject; readonly app: string | undefined }>;

const app = "shop";

const kinds = ["ConfigMap", "Deployment", "Widget", "Namespace", "CustomResourceDefinition", "Job"];
const id = fc.tuple(
  fc.constantFrom(...kinds),
  fc.constantFrom("a", "b"),
  fc.constantFrom("x", "y", "widgets", "a", "b"),
);
const annotations = fc.record(
  {
    "sync-wave": fc.constantFrom("-2", "0", "1", "3"),
    "sync-options": fc.constantFrom(
      "Prune=false",
      "Prune=confirm",
      "PruneLast=true",
      "Replace=true",
      "TakeOwnership=true",
    ),
    hook: fc.constantFrom("PreSync", "Sync,PostSync", "SyncFail", "Skip", "Nonsense"),
  },
  { requiredKeys: [] },
);

const someObject = fc
  .tuple(id, annotations, fc.integer({ min: 0, max: 1 }))
  .map(([[kind, namespace, name], noted, value]) => {
    const where =
      kind === "Namespace" || kind === "CustomResourceDefinition"
        ? `${kind}/${name}`
        : `${kind}/${namespace}/${name}`;
    const spec = kind === "CustomResourceDefinition" ? widgetCrd.spec : { value };
    return object(where, noted, { spec });
  });
const distinct = fc.uniqueArray(someObject, { selector: keyOf, maxLength: 14 });
const owner = fc.constantFrom(app, app, app, "other", undefined);
const liveObjects = fc.array(fc.tuple(someObject, owner), { maxLength: 14 });
const options = fc.record({
  prune: fc.boolean(),
  applyOutOfSyncOnly: fc.boolean(),
  allowEmpty: fc.boolean(),
  allowMassPrune: fc.boolean(),
  failOnSharedResource: fc.boolean(),
  maxPruneCount: fc.constantFrom(1, 20),
  createNamespace: fc.constantFrom(undefined, "a"),
});

interface World {
  readonly desired: readonly KubeObject[];
  readonly cluster: Cluster;
  readonly options: Partial<PlanOptions>;
}

const world: fc.Arbitrary<World> = fc.record({
  desired: distinct,
  cluster: liveObjects.map(
    (all): Cluster =>
      new Map(
        all.map(([one, carries], i) => [keyOf(one), { object: withUid(one, `uid-${i}`), app: carries }]),
      ),
  ),
  options: options.map(({ createNamespace, ...rest }) => ({
    ...rest,
    createNamespace:
      createNamespace === undefined
        ? undefined
        : { name: createNamespace, live: undefined, labels: {}, annotations: {} },
  })),
});

function withUid(one: KubeObject, uid: string): KubeObject {
  return { ...one, metadata: { ...one.metadata, uid, resourceVersion: "1" } };
}

function plain({ metadata, ...rest }: KubeObject): JsonValue {
  const { uid: _, resourceVersion: __, ...kept } = metadata;
  return { ...rest, metadata: kept } as JsonValue;
}

/** What the comparison and the live store would tell the planner about a world. */
function observe({ desired, cluster, options: given }: World): PlanInput {
  const objects = desired.map((one): PlannedObject => {
    const found = cluster.get(keyOf(one));
    const same = found !== undefined && found.app === app && jsonEqual(plain(found.object), plain(one));
    return {
      key: keyOf(one),
      desired: one,
      live: found?.object,
      verdict: { sync: same ? "Synced" : "OutOfSync", drift: [], needsApply: !same },
      owner: found?.app === app ? undefined : found?.app,
      kindServed: true,
    };
  });
  const inventory = [...cluster].map(([key, found]): InventoryEntry => ({
    key,
    live: found.object,
    trackedByUs: found.app === app,
  }));
  const namespace = given.createNamespace;
  const createNamespace =
    namespace === undefined
      ? undefined
      : { ...namespace, live: cluster.get(`/Namespace//${namespace.name}` as ObjectKey)?.object };
  return input({ objects, inventory, options: { ...given, createNamespace } });
}

function actionsOf(plan: SyncPlan): readonly Action[] {
  return plan.waves.flatMap((wave) => wave.groups.flatMap((group) => group.actions));
}

/** Runs a plan on the model; hooks leave nothing behind, as with HookSucceeded. */
function run(plan: SyncPlan, before: Cluster): Cluster {
  const cluster = new Map(before);
  for (const action of actionsOf(plan)) {
    if (action.verb === "prune") cluster.delete(action.key);
    if (action.verb === "apply" && action.hook === undefined) {
      const uid = before.get(action.key)?.object.metadata.uid ?? `new-${action.key}`;
      cluster.set(action.key, { object: withUid(action.desired, uid), app });
    }
  }
  return cluster;
}

function changes(plan: SyncPlan): readonly string[] {
  return actionsOf(plan)
    .filter((action) => action.verb === "prune" || (action.verb === "apply" && action.hook === undefined))
    .map((action) => `${action.verb} ${action.key}`);
}

const digestOf = (asked: PlanInput) => recorded(asked).digest;

describe("any plan", () => {
  it("leaves nothing to do once it has run", () => {
    fc.assert(
      fc.property(world, (start) => {
        const plan = planSync(observe(start));
        const after = { ...start, cluster: run(plan, start.cluster) };
        expect(changes(planSync(observe(after)))).toEqual([]);
      }),
    );
  });

  it("continues where a crash stopped it", () => {
    fc.assert(
      fc.property(world, fc.nat(20), (start, done) => {
        const plan = planSync(observe(start));
        const all = changes(plan);
        let left = done;
        const waves = plan.waves.map((wave) => ({
          ...wave,
          groups: wave.groups.map((group) => ({ actions: group.actions.filter(() => left-- > 0) })),
        }));
        const resumed = planSync(observe({ ...start, cluster: run({ ...plan, waves }, start.cluster) }));
        const ran = new Set(changes({ ...plan, waves }));
        expect(new Set(changes(resumed))).toEqual(new Set(all.filter((one) => !ran.has(one))));
      }),
    );
  });

  it("is the same whatever the order of its input", () => {
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (start, random) => {
        const asked = observe(start);
        const shuffle = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, at: random.next().value }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const shuffled = { ...asked, objects: shuffle(asked.objects), inventory: shuffle(asked.inventory) };
        expect(planSync(shuffled)).toEqual(planSync(asked));
        expect(digestOf(shuffled)).toBe(digestOf(asked));
      }),
    );
  });

  it("prunes only what the inventory and the tracking id both call ours and Git does not name", () => {
    fc.assert(
      fc.property(world, (start) => {
        const asked = observe(start);
        const desired = new Set(start.desired.map(keyOf));
        const ours = new Set(asked.inventory.filter((one) => one.trackedByUs).map((one) => one.key));
        const pruned = actionsOf(planSync(asked)).filter((action) => action.verb === "prune");
        expect(pruned.filter(({ key }) => !ours.has(key) || desired.has(key))).toEqual([]);
        expect(start.options.prune ? [] : pruned).toEqual([]);
      }),
    );
  });

  it("never deletes a namespace with something that stays in it", () => {
    fc.assert(
      fc.property(world, (start) => {
        const plan = planSync(observe(start));
        const pruned = new Set(actionsOf(plan).flatMap((one) => (one.verb === "prune" ? [one.key] : [])));
        const stays = [...start.cluster.entries()].filter(
          ([key, { object: one }]) =>
            !pruned.has(key) && one.metadata.annotations?.["argocd.argoproj.io/hook"] === undefined,
        );
        const harmed = stays.filter(([key]) =>
          pruned.has(`/Namespace//${parseObjectKey(key).namespace}` as ObjectKey),
        );
        expect(harmed.map(([key]) => key)).toEqual([]);
      }),
    );
  });

  it("names every desired object exactly once, hooks once for each phase", () => {
    fc.assert(
      fc.property(world, (start) => {
        const plan = planSync(observe(start));
        const named = [...actionsOf(plan), ...plan.skipped].map((action) => action.key);
        for (const one of start.desired) {
          const hook = one.metadata.annotations?.["argocd.argoproj.io/hook"];
          const times = hook === "Sync,PostSync" ? 2 : 1;
          expect(named.filter((key) => key === keyOf(one))).toHaveLength(times);
        }
      }),
    );
  });

  it("puts a namespace before what lives in it, a CRD before its resources, and low ranks before high ones", () => {
    fc.assert(
      fc.property(world, (start) => {
        const { waves } = planSync(observe(start));
        const order = waves.flatMap((wave) =>
          wave.groups.map((group) => ({ wave, keys: group.actions.map((one) => one.key) })),
        );
        const hooked = new Set(
          start.desired.filter((one) => one.metadata.annotations?.["argocd.argoproj.io/hook"]).map(keyOf),
        );
        const applies = order.filter(({ wave }) => wave.step === "apply" && wave.phase !== "SyncFail");
        const at = (wanted: (key: ObjectKey) => boolean) =>
          applies.findIndex(({ keys }) => keys.some((key) => !hooked.has(key) && wanted(key)));
        for (const [index, { keys }] of applies.entries()) {
          for (const { namespace, kind } of keys.map(parseObjectKey)) {
            expect(at((key) => namespace !== "" && key === `/Namespace//${namespace}`)).toBeLessThan(index);
            expect(
              at((key) => kind === "Widget" && parseObjectKey(key).kind === "CustomResourceDefinition"),
            ).toBeLessThan(index);
          }
        }
        for (const wave of waves.filter((one) => one.step === "apply")) {
          const ranks = wave.groups.map((group) => kindRank(group.actions[0]?.key ?? ("" as ObjectKey)));
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it("is refused by each guard unless that guard's own override is set", () => {
    fc.assert(
      fc.property(world, (start) => {
        const asked = observe(start);
        const plan = planSync(asked);
        const guards = plan.refusals.map((refusal) => refusal.guard);
        const pruned = actionsOf(plan).filter((action) => action.verb === "prune").length;
        const ours = [...start.cluster.values()].filter(
          (one) =>
            one.app === app && one.object.metadata.annotations?.["argocd.argoproj.io/hook"] === undefined,
        ).length;
        const { options: given } = asked;
        const empty = start.desired.every(
          (one) => one.metadata.annotations?.["argocd.argoproj.io/hook"] !== undefined,
        );
        expect(guards.includes("mass-prune")).toBe(
          !given.allowMassPrune && pruned > given.maxPruneCount && pruned > ours / 2,
        );
        expect(guards.includes("empty-render")).toBe(!given.allowEmpty && given.prune && empty && ours > 0);
        expect(guards.includes("shared-resource")).toBe(
          given.failOnSharedResource &&
            [...plan.skipped, ...actionsOf(plan)].some(
              (one) => one.verb === "skip" && one.because === "owned-by-other",
            ),
        );
      }),
    );
  });

  it("is plain data", () => {
    fc.assert(
      fc.property(world, (start) => {
        const plan = planSync(observe(start)) as unknown as JsonValue;
        expect(canonicalJson(JSON.parse(JSON.stringify(plan)) as JsonValue)).toBe(canonicalJson(plan));
      }),
    );
  });
});

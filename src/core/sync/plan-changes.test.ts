import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { isRemainder, listPlanChanges } from "./plan-changes.ts";
import { applied, drifted, input, live, missing, object, unchanged } from "./testdata/build.ts";
import type { InputParts } from "./testdata/build.ts";
import { recorded } from "./testdata/record.ts";

const record = (parts: InputParts) => recorded(input(parts));
const a = object("ConfigMap/a", {}, { data: { a: "1" } });
const b = object("ConfigMap/b");
const old = object("ConfigMap/old");
const job = object("Job/migrate", { hook: "PreSync" });

describe("what differs between two plans", () => {
  it("is listed by object and action", () => {
    const approved = record({
      objects: [missing(a), missing(b), missing(job), missing(object("ConfigMap/moved"))],
      inventory: [applied(old)],
    });
    const now = record({
      objects: [
        missing({ ...a, data: { a: "2" } } as KubeObject),
        drifted(b, ["data.b"]),
        missing(object("ConfigMap/moved", { "sync-wave": "2" })),
        missing(object("ConfigMap/new")),
      ],
      operation: { revision: "beefbeef" },
    });
    expect(listPlanChanges(approved, now)).toMatchInlineSnapshot(`
      [
        "~ the revision: 4f2a91c0ffee, now beefbeef",
        "~ apply ConfigMap/shop/a (Sync 0): what is sent changed",
        "~ apply ConfigMap/shop/b (Sync 0): the live object changed",
        "+ apply ConfigMap/shop/new (Sync 0)",
        "~ apply ConfigMap/shop/moved (Sync 2): moved from Sync 0, what is sent changed",
        "- hook Job/shop/migrate (PreSync 0)",
        "- prune ConfigMap/shop/old (Sync 0 prune)",
      ]
    `);
    expect(listPlanChanges(approved, approved)).toEqual([]);
  });

  it("is never nothing when the digests differ", () => {
    const some = fc.subarray([missing(a), drifted(b), missing(job)]).map((objects) => ({ objects }));
    const more = fc.constantFrom<InputParts>(
      {},
      { options: { dryRun: true } },
      { inventory: [applied(old)] },
    );
    const parts = fc.tuple(some, more).map(([one, two]) => record({ ...one, ...two }));
    fc.assert(
      fc.property(parts, parts, (one, two) => {
        expect(listPlanChanges(one, two).length === 0).toBe(one.digest === two.digest);
      }),
    );
  });
});

describe("what is left of a plan that was begun", () => {
  const approved = record({ objects: [missing(a), missing(b), missing(job)], inventory: [applied(old)] });
  const begun = { touched: new Set([keyOf(a)]) };
  const left = (parts: InputParts) => isRemainder(approved, record(parts), begun);

  it("is part of it: less of the same, and what was applied whatever became of it", () => {
    expect(left({ objects: [unchanged(a), missing(b)], inventory: [applied(old)] })).toBe(true);
    expect(left({ objects: [drifted(a, ["data.a"]), missing(b)] })).toBe(true);
    const leftByHook = { ...missing(job), live: live(job) };
    expect(left({ objects: [leftByHook] })).toBe(true);
  });

  it("is nothing else: no other object, manifest, revision or deletion", () => {
    expect(left({ objects: [missing(object("ConfigMap/c"))] })).toBe(false);
    expect(left({ objects: [missing({ ...a, data: { a: "2" } } as KubeObject)] })).toBe(false);
    expect(left({ objects: [missing(a)], operation: { revision: "other" } })).toBe(false);
    expect(left({ objects: [drifted(b, ["data.b"])] })).toBe(false);
    expect(left({ inventory: [applied(old, { uid: "another" })] })).toBe(false);
    expect(left({ inventory: [applied(b)] })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { keepTimes } from "./managers.ts";
import { recordUpdate } from "./record-update.ts";
import { gadget, gadgetSchema, ownersOf, writeBy } from "./testdata/gadget.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

const CREATED = recordUpdate({
  ...writeBy("ann"),
  live: undefined,
  next: gadget({ count: 1, parts: [{ name: "a", size: 1 }], labels: { k: "v" } }),
});

/** An update by bob, a day later. */
function update(live: KubeObject, content: JsonObject, rest: JsonObject = {}): KubeObject {
  const next = { ...live, spec: content, ...rest };
  return recordUpdate({ ...writeBy("bob", "2026-01-02T00:00:00Z"), live, next });
}

function withManagedFields(managedFields: unknown): JsonObject {
  return { metadata: { ...CREATED.metadata, managedFields: managedFields as JsonObject[] } };
}

const ENTRY = {
  operation: "Apply",
  apiVersion: "example.com/v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": { "f:count": {} } },
};
const KEPT = { count: 1, parts: [{ name: "a", size: 1 }], labels: { k: "v" } };

describe("managedFields after a write", () => {
  it("give a creator all that is in the object", () => {
    expect(ownersOf(CREATED)).toEqual([
      'ann Update 01 spec{. count labels{. k} parts{. {"name":"a"}{. name size}}}',
    ]);
  });

  it.each([
    {
      title: "move a changed field to who changed it",
      content: { ...KEPT, count: 2 },
      owners: [
        'ann Update 01 spec{. labels{. k} parts{. {"name":"a"}{. name size}}}',
        "bob Update 02 spec{count}",
      ],
    },
    {
      title: "give an added item to who added it",
      content: { ...KEPT, parts: [...KEPT.parts, { name: "b" }] },
      owners: [
        'ann Update 01 spec{. count labels{. k} parts{. {"name":"a"}{. name size}}}',
        'bob Update 02 spec{parts{{"name":"b"}{. name}}}',
      ],
    },
    {
      title: "forget what was removed, without a trace of who did it",
      content: { count: 1, labels: {} },
      owners: ["ann Update 01 spec{. count labels}"],
    },
    {
      title: "own an emptied list by nobody",
      content: { ...KEPT, parts: [] },
      owners: ["ann Update 01 spec{. count labels{. k} parts}"],
    },
    {
      title: "stay as they are when nothing changes",
      content: KEPT,
      owners: ['ann Update 01 spec{. count labels{. k} parts{. {"name":"a"}{. name size}}}'],
    },
  ])("$title", ({ content, owners }) => {
    expect(ownersOf(update(CREATED, content))).toEqual(owners);
  });

  it("tell a manager's versions and subresources apart", () => {
    const status = recordUpdate({
      ...writeBy("ann", "2026-01-02T00:00:00Z"),
      subresource: "status",
      live: CREATED,
      next: { ...CREATED, spec: { count: 9 }, status: { phase: "Ready" } },
    });
    expect(ownersOf(status)).toEqual([...ownersOf(CREATED), "ann Update/status 02 status{. phase}"]);
    const other = recordUpdate({
      ...writeBy("ann", "2026-01-03T00:00:00Z"),
      apiVersion: "example.com/v2",
      live: status,
      next: { ...status, spec: { ...KEPT, count: 2 } },
    });
    expect(ownersOf(other)).toHaveLength(3);
  });

  it("leave status to its subresource where there is one", () => {
    const next = { ...CREATED, status: { phase: "Ready" } };
    expect(ownersOf(recordUpdate({ ...writeBy("bob"), live: CREATED, next }))).toEqual(ownersOf(CREATED));
    const owned = recordUpdate({ ...writeBy("bob"), hasStatus: false, live: CREATED, next });
    expect(ownersOf(owned)).toContain("bob Update 01 status{. phase}");
  });

  it.each([
    { title: "an empty list", managedFields: [], owners: [] },
    { title: "one empty entry", managedFields: [{}], owners: [] },
    { title: "an unknown operation", managedFields: [{ ...ENTRY, operation: "Move" }], owners: undefined },
    { title: "no fieldsType", managedFields: [{ ...ENTRY, fieldsType: "" }], owners: undefined },
    {
      title: "a path that is none",
      managedFields: [{ ...ENTRY, fieldsV1: { "k:{": {} } }],
      owners: undefined,
    },
    { title: "null", managedFields: null, owners: undefined },
    {
      title: "an entry of its own",
      managedFields: [{ ...ENTRY, manager: "own" }],
      owners: ["own Apply -- spec{count}", "bob Update 02 spec{labels{m}}"],
    },
  ])("take $title from the client as the API server does", ({ managedFields, owners }) => {
    const content = { ...KEPT, labels: { k: "v", m: "n" } };
    const next = update(CREATED, content, withManagedFields(managedFields));
    expect(ownersOf(next)).toEqual(owners ?? [...ownersOf(CREATED), "bob Update 02 spec{labels{m}}"]);
  });

  it("are not begun for an object that has none", () => {
    const live = gadget({ count: 1 });
    expect(update(live, { count: 2 }).metadata).toEqual(live.metadata);
  });

  it("merge the oldest of more than ten updaters", () => {
    let live = CREATED;
    for (let day = 2; day < 15; day += 1) {
      const next = { ...live, spec: { ...KEPT, labels: { [`k${day}`]: "v" } } };
      const time = `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`;
      const labels = { ...(live["spec"] as typeof KEPT).labels, [`k${day}`]: "v" };
      live = recordUpdate({
        ...writeBy(`m${day}`, time),
        live,
        next: { ...next, spec: { ...KEPT, labels } },
      });
    }
    expect(ownersOf(live)).toHaveLength(10);
    expect(ownersOf(live)[0]).toBe(
      'ancient-changes Update 05 spec{. count labels{. k k2 k3 k4 k5} parts{. {"name":"a"}{. name size}}}',
    );
  });

  it("own a value as a whole once its schema says that it is one", () => {
    const managedFields = [
      {
        ...ENTRY,
        manager: "a",
        fieldsV1: { "f:spec": { "f:solid": { ".": {}, "f:x": {} }, "f:words": { 'v:"a"': {} } } },
      },
    ];
    const next = update(CREATED, { ...KEPT, count: 2 }, withManagedFields(managedFields));
    expect(ownersOf(next)).toEqual(["a Apply -- spec{solid words}", "bob Update 02 spec{count}"]);
  });

  it("have no time when the write has none, as through scale", () => {
    const write = { ...writeBy("hpa", ""), subresource: "scale", live: CREATED };
    const next = { ...CREATED, spec: { ...KEPT, count: 2 } };
    expect(ownersOf(recordUpdate({ ...write, next }))[0]).toBe("hpa Update/scale -- spec{count}");
  });

  it("keep those of the live object when an item has no key", () => {
    expect(ownersOf(update(CREATED, { count: 7, parts: [{ size: 1 }] }))).toEqual(ownersOf(CREATED));
  });

  it("keep those of the live object when an item has no key, in whatever the write left alone", () => {
    const parts = [{ size: 1 }];
    const live = { ...CREATED, spec: { ...KEPT, parts } };
    for (const count of [7, 8]) {
      expect(ownersOf(update(live, { ...KEPT, parts, count }))).toEqual(ownersOf(CREATED));
    }
  });

  it("are printed in the one order whatever order the client had", () => {
    const fieldsV1 = { "f:spec": { "f:on": {}, "f:count": {} } };
    const managedFields = [{ ...ENTRY, manager: "own", fieldsV1 }];
    const stored = update(CREATED, KEPT, withManagedFields(managedFields));
    expect(ownersOf(stored)).toEqual(["own Apply -- spec{count on}"]);
    expect(ownersOf(update(stored, KEPT, withManagedFields(managedFields)))).toEqual(ownersOf(stored));
  });

  it("own the parts of a built-in kind, but not what its Go type always prints", () => {
    const next: KubeObject = {
      apiVersion: "v1",
      kind: "Box",
      metadata: {},
      spec: { size: 1, lid: { on: true } },
    };
    const schema = {
      ...gadgetSchema,
      type: "map",
      atomic: false,
      omitsEmpty: true,
      fieldNames: ["spec"],
      items: undefined,
    } as const;
    const fields = { size: "scalar", lid: "map" } as const;
    const spec = {
      ...schema,
      default: {},
      fieldNames: Object.keys(fields),
      declares: (name: string) => name in fields,
      requires: () => false,
      field: (name: string) => ({
        ...schema,
        type: fields[name as "size"] ?? "scalar",
        fieldNames: [],
        declares: () => false,
        field: () => undefined,
      }),
    };
    const box = { ...schema, declares: () => true, requires: () => false, field: () => spec };
    const owners = ownersOf(recordUpdate({ ...writeBy("ann"), schema: box, live: undefined, next }));
    expect(owners).toEqual(["ann Update 01 spec{lid{. on} size}"]);
  });
});

describe("times of a write that changes nothing", () => {
  it("stay, unless something else differs", () => {
    const renewed = {
      ...CREATED,
      metadata: {
        ...CREATED.metadata,
        resourceVersion: "2",
        managedFields: (CREATED.metadata.managedFields ?? []).map((entry) => ({
          ...entry,
          time: "2027-01-01T00:00:00Z",
        })),
      },
    };
    expect(ownersOf(keepTimes(CREATED, renewed))).toEqual(ownersOf(CREATED));
    expect(keepTimes(CREATED, { ...renewed, spec: {} })).toEqual({ ...renewed, spec: {} });
    expect(keepTimes(undefined, renewed)).toBe(renewed);
  });
});

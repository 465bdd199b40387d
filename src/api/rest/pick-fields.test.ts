import { expect, it } from "vitest";
import { parseFields } from "./pick-fields.ts";

const answer = {
  metadata: { resourceVersion: "7", continue: "" },
  items: [
    {
      metadata: { name: "a", labels: { "x.y": "1" } },
      spec: { project: "default" },
      status: { sync: { status: "Synced" } },
    },
    { metadata: { name: "b" }, spec: { project: "shop" } },
  ],
};

it("keeps the fields that are asked for, in lists, too", () => {
  expect(
    parseFields("metadata.resourceVersion,items.metadata.name,items.status.sync,items.nothing")?.(answer),
  ).toEqual({
    metadata: { resourceVersion: "7" },
    items: [{ metadata: { name: "a" }, status: { sync: { status: "Synced" } } }, { metadata: { name: "b" } }],
  });
  expect(parseFields("items.metadata,items.metadata.name")?.(answer)).toEqual({
    items: [{ metadata: { name: "a", labels: { "x.y": "1" } } }, { metadata: { name: "b" } }],
  });
});

it("leaves out the fields after a minus", () => {
  expect(parseFields("-metadata,items.spec,items.metadata.labels")?.(answer)).toEqual({
    items: [{ metadata: { name: "a" }, status: { sync: { status: "Synced" } } }, { metadata: { name: "b" } }],
  });
});

it("gives everything when nothing is asked for, and nothing that objects have by birth", () => {
  expect(parseFields(null)).toBeUndefined();
  expect(parseFields("")).toBeUndefined();
  expect(parseFields("constructor,__proto__.polluted,items.toString")?.(answer)).toEqual({ items: [{}, {}] });
});

it.for(["items..name", ",", ".a", "a".repeat(9000)])("refuses what is no path: %s", (text) => {
  expect(() => parseFields(text)).toThrow(expect.objectContaining({ code: "API_INVALID_ARGUMENT" }));
});

import { describe, expect, it } from "vitest";
import { compareManifests } from "./compare-manifests.ts";

const object = (apiVersion: string, name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion, kind: "Thing", metadata: { name, namespace: "shop" }, ...more });

describe("two revisions", () => {
  it("are compared object by object, what is the same last", () => {
    const before = [object("v1", "gone"), object("v1", "changed", { data: 1 }), object("v1", "a-same")];
    const after = [object("v1", "a-same"), object("v1", "changed", { data: 2 }), object("v1", "new")];
    expect(compareManifests(before, after).map(({ title, became }) => `${became} ${title}`)).toEqual([
      "changed Thing changed in shop",
      "removed Thing gone in shop",
      "added Thing new in shop",
      "same Thing a-same in shop",
    ]);
  });

  it("know an object again that has another version, and not one of another group", () => {
    expect(
      compareManifests([object("apps/v1beta1", "a")], [object("apps/v1", "a")]).map(({ became }) => became),
    ).toEqual(["changed"]);
    expect(compareManifests([object("apps/v1", "a")], [object("extensions/v1", "a")])).toHaveLength(2);
  });

  it("of nothing differ in nothing", () => {
    expect(compareManifests([], ["null"])).toEqual([]);
  });
});

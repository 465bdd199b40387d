import { expect, it } from "vitest";
import { countsOf, matches, noFilter, toggled } from "./filter-resources.ts";
import { resourcesOf } from "./testing.ts";

const all = resourcesOf([
  { kind: "Pod", name: "web-1", health: "Degraded", node: { images: ["registry.example/shop:2"] } },
  { kind: "Pod", name: "db-1", health: "Healthy" },
  { kind: "ConfigMap", name: "web" },
]);

const found = (filter: Partial<typeof noFilter>) =>
  all.filter((one) => matches(one, { ...noFilter, ...filter })).map(({ kind, name }) => `${kind}/${name}`);

it("matches finds every word in kind, namespace, name and images", () => {
  expect(found({ text: "pod WEB" })).toEqual(["Pod/web-1"]);
  expect(found({ text: "shop:2" })).toEqual(["Pod/web-1"]);
  expect(found({ text: "  " })).toHaveLength(3);
});

it("matches takes any value of a facet and all of several facets", () => {
  expect(found({ kinds: new Set(["Pod", "ConfigMap"]), health: new Set(["None"]) })).toEqual([
    "ConfigMap/web",
  ]);
  expect(found({ health: new Set(["Degraded", "Healthy"]) })).toEqual(["Pod/db-1", "Pod/web-1"]);
  expect(found({ sync: new Set(["Synced"]) })).toEqual([]);
});

it("countsOf and toggled show what there is to choose, and choose it", () => {
  expect(countsOf(all, "health")).toEqual([
    ["Degraded", 1],
    ["Healthy", 1],
    ["None", 1],
  ]);
  const once = toggled(noFilter, "kinds", "Pod");
  expect([...once.kinds]).toEqual(["Pod"]);
  expect(toggled(once, "kinds", "Pod").kinds.size).toBe(0);
});

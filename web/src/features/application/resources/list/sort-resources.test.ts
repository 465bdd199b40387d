import { expect, it } from "vitest";
import { resourcesOf } from "../testing.ts";
import { nextOrder, sortResources } from "./sort-resources.ts";

const all = resourcesOf([
  { kind: "Pod", name: "p-10", health: "Healthy", node: { createdAt: "2026-01-01T00:00:00Z" } },
  { kind: "Pod", name: "p-9", health: "Degraded", node: { createdAt: "2026-01-02T00:00:00Z" } },
  { kind: "ConfigMap", name: "c" },
]);
const names = (...order: [Parameters<typeof nextOrder>[1], boolean]) =>
  sortResources(all, { column: order[0], isDown: order[1] }).map(({ name }) => name);

it("sortResources takes numbers in names as numbers, and what is the same by kind and name", () => {
  expect(names("name", false)).toEqual(["c", "p-9", "p-10"]);
  expect(names("namespace", false)).toEqual(["c", "p-9", "p-10"]);
  expect(names("kind", true)).toEqual(["p-9", "p-10", "c"]);
});

it("sortResources puts the worst health and the youngest first, and what has none last", () => {
  expect(names("health", false)).toEqual(["p-9", "p-10", "c"]);
  expect(names("age", false)).toEqual(["p-9", "p-10", "c"]);
});

it("nextOrder turns the order around at the second click", () => {
  const once = nextOrder({ column: "kind", isDown: true }, "name");
  expect(once).toEqual({ column: "name", isDown: false });
  expect(nextOrder(once, "name")).toEqual({ column: "name", isDown: true });
});

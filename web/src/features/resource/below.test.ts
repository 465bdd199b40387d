import { expect, it } from "vitest";
import { resourcesOf, several } from "../application/resources/testing.ts";
import { countKinds, podsBelow, resourcesBelow } from "./below.ts";

const all = resourcesOf([
  { kind: "Deployment", name: "web" },
  { kind: "ReplicaSet", name: "a", owner: "Deployment/web" },
  ...several(2, { kind: "Pod", name: "p", owner: "ReplicaSet/a" }),
  { kind: "Pod", name: "other" },
]);
const web = "apps/Deployment/shop/web";

it("resourcesBelow finds all that goes with something", () => {
  expect(countKinds(resourcesBelow(all, web))).toEqual([
    ["Pod", 2],
    ["ReplicaSet", 1],
  ]);
  expect(resourcesBelow(all, "/Pod/shop/other")).toEqual([]);
});

it("podsBelow names the Pods whose logs are shown", () => {
  expect(podsBelow(all, web).map(({ name }) => name)).toEqual(["p-0", "p-1"]);
  expect(podsBelow(all, "/Pod/shop/other").map(({ name }) => name)).toEqual(["other"]);
});

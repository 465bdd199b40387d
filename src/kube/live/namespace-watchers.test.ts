import { expect, it } from "vitest";
import { createNamespaceWatchers, isVolumeOf } from "./namespace-watchers.ts";

it("an owner watches one namespace at a time, until it leaves", () => {
  const watchers = createNamespaceWatchers();
  watchers.set("web", "shop");
  watchers.set("api", "shop");
  watchers.set("web", "bank");
  expect([watchers.of("shop"), watchers.of("bank"), watchers.any]).toEqual([["api"], ["web"], true]);
  watchers.set("web", undefined);
  watchers.set("api", undefined);
  expect([watchers.of("shop"), watchers.of("bank"), watchers.any]).toEqual([[], [], false]);
});

it.each([
  ["data-web-0", true],
  ["big-data-my-db-12", true],
  ["web-0", false],
  ["data-web", false],
  ["data-other-0", false],
  ["", false],
])("%s is a volume of one of the stateful sets: %s", (claim, expected) => {
  expect(isVolumeOf(claim, new Set(["web", "my-db"]))).toBe(expected);
});

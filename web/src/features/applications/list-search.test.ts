import { describe, expect, it } from "vitest";
import { isNarrowed, parseListSearch, toggled } from "./list-search.ts";

describe("what an address says of the list", () => {
  it("is read as it was written", () => {
    const search = {
      text: "web",
      sync: ["OutOfSync"],
      health: ["Degraded", "Missing"],
      project: ["shop"],
      cluster: ["https://kubernetes.default.svc"],
      namespace: ["a"],
      repo: "https://git.example.com/a.git",
      labels: "team=web",
      automated: false,
      favourites: true,
      sort: "-createdAt",
      look: "tiles",
    };
    expect(parseListSearch(search)).toEqual(search);
  });

  it("may name one value without a list, and the usual order is not said", () => {
    expect(parseListSearch({ health: "Degraded", sort: "name", look: "table" })).toEqual({
      health: ["Degraded"],
    });
  });

  it("is left out where it is nothing that can be asked for", () => {
    expect(
      parseListSearch({
        text: 5,
        sync: [1, ""],
        health: {},
        automated: "yes",
        favourites: "true",
        look: "x",
        sort: [],
      }),
    ).toEqual({});
  });
});

it("a value of a facet comes with one click and goes with the next", () => {
  const once = toggled({ text: "web" }, "health", "Degraded");
  expect(once).toEqual({ text: "web", health: ["Degraded"] });
  const twice = toggled(once, "health", "Missing");
  expect(twice).toEqual({ text: "web", health: ["Degraded", "Missing"] });
  expect(toggled(toggled(twice, "health", "Degraded"), "health", "Missing")).toEqual({ text: "web" });
});

it("order and look leave nothing out, filters do", () => {
  expect(isNarrowed({})).toBe(false);
  expect(isNarrowed({ sort: "-createdAt", look: "tiles" })).toBe(false);
  expect(isNarrowed({ text: undefined } as never)).toBe(false);
  for (const search of [{ text: "a" }, { automated: false }, { favourites: true }, { health: ["Degraded"] }])
    expect(isNarrowed(search), `${JSON.stringify(search)}`).toBe(true);
});

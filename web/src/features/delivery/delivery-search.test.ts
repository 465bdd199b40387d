import { expect, it } from "vitest";
import { parseDeliverySearch, sinceOf } from "./delivery-search.ts";

it("keeps what it knows of an address and leaves the rest out", () => {
  const search = { what: " 1a2b3c4 ", project: "shop", last: "7d", order: "leadTime", other: "x" };
  expect(parseDeliverySearch(search)).toEqual({
    what: "1a2b3c4",
    project: "shop",
    last: "7d",
    order: "leadTime",
  });
  expect(parseDeliverySearch({ what: "", project: 3, last: "1y", order: "color" })).toEqual({});
  expect(parseDeliverySearch({ last: "30d", order: "name" })).toEqual({});
});

it("takes a commit of digits alone, which an address gives as a number", () => {
  expect(parseDeliverySearch({ what: 1234567 })).toEqual({ what: "1234567" });
});

it("counts back from now, and never further than the server keeps", () => {
  const now = Date.parse("2026-03-31T12:00:30Z");
  expect(sinceOf(undefined, now)).toBe("2026-03-01T12:01:00.000Z");
  expect(sinceOf("90d", now)).toBe("2025-12-31T12:01:00.000Z");
});

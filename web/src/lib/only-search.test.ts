import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseLoginSearch } from "../features/login/login-search.ts";
import { onlySearch } from "./only-search.ts";

it("takes away from the router what the page does not know or does not take", () => {
  const search = onlySearch(parseLoginSearch)({ back: "https://evil.example.com/", ended: true, x: 1 });
  // As the router puts it together.
  expect({ back: "https://evil.example.com/", ended: true, x: 1, ...search }).toEqual({ ended: true });
  expect(onlySearch(parseLoginSearch)({ back: "/settings" })).toEqual({ back: "/settings" });
});

it("stands at every page that reads something of the address", () => {
  const routes = readFileSync(new URL("../app.tsx", import.meta.url), "utf8");
  const parsers = [...routes.matchAll(/validateSearch: ([^,\n]+),/gu)].map(([, parser]) => parser ?? "");
  expect(parsers.length).toBeGreaterThan(3);
  expect(parsers.filter((parser) => !/^onlySearch\(\w+\)$/u.test(parser))).toEqual([]);
});

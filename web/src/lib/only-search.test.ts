import { expect, it } from "vitest";
import { parseLoginSearch } from "../features/login/login-search.ts";
import { onlySearch } from "./only-search.ts";

it("takes away from the router what the page does not know or does not take", () => {
  const search = onlySearch(parseLoginSearch)({ back: "https://evil.example.com/", ended: true, x: 1 });
  // As the router puts it together.
  expect({ back: "https://evil.example.com/", ended: true, x: 1, ...search }).toEqual({ ended: true });
  expect(onlySearch(parseLoginSearch)({ back: "/settings" })).toEqual({ back: "/settings" });
});

import { expect, it } from "vitest";
import { parseLoginSearch } from "./login-search.ts";

it("goes back to pages of this server alone", () => {
  expect(parseLoginSearch({ back: "/applications?text=a", ended: true })).toEqual({
    back: "/applications?text=a",
    ended: true,
  });
  for (const back of [
    "//evil.example.com",
    "/\\evil",
    "https://evil.example.com",
    "javascript:x",
    "a",
    "",
    5,
    null,
  ])
    expect(parseLoginSearch({ back, ended: "true" }), `${JSON.stringify(back)}`).toEqual({});
});

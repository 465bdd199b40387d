import { describe, expect, it } from "vitest";
import { isWebAddress, webAddress } from "./web-address.ts";

it.each([
  ["https://chat.example.com/x", "https://chat.example.com/x"],
  ["http://chat", "http://chat/"],
  ["javascript:alert(1)", undefined],
  ["JaVaScRiPt:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["//chat.example.com", undefined],
  ["", undefined],
  [undefined, undefined],
])("takes %s for %s", (text, address) => {
  expect(webAddress(text)).toBe(address);
});

it("lets nothing through but addresses of the web", () => {
  expect(webAddress("https://example.com/a?b")).toBe("https://example.com/a?b");
  expect(webAddress("http://example.com")).toBe("http://example.com/");
  for (const text of [
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,x",
    "//a.b",
    "/a",
    "",
    undefined,
  ])
    expect(webAddress(text)).toBeUndefined();
});

describe("an address from data", () => {
  it("is followed when it is of the web", () => {
    expect(isWebAddress("https://shop.example.com/a?b#c")).toBe(true);
    expect(isWebAddress("http://shop.example.com")).toBe(true);
  });

  it("is not followed when it is a script, a file, or none", () => {
    const others = [
      "javascript:alert(1)",
      " JaVaScRiPt:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,x",
      "file:///x",
      "//x",
      "",
      "x",
    ];
    expect(others.filter((url) => isWebAddress(url))).toEqual([]);
    expect(isWebAddress(undefined)).toBe(false);
  });
});

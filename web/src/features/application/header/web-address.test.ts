import { describe, expect, it } from "vitest";
import { isWebAddress } from "./web-address.ts";

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

import { describe, expect, it } from "vitest";
import { canonicalQuantity, roundUpToMilli } from "./quantity.ts";

describe("quantities", () => {
  it.each([
    ["1000m", "1"],
    ["1.5", "1500m"],
    [0.1, "100m"],
    ["1e3", "1e3"],
    ["12e6", "12e6"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["1073741824", "1073741824"],
    ["0.5Ki", "512"],
    ["1000Ki", "1000Ki"],
    ["0", "0"],
    ["-0", "0"],
    ["-1500m", "-1500m"],
    ["1n", "1n"],
    ["0.1n", "1n"],
    ["1000000k", "1G"],
    [".5", "500m"],
    ["5.", "5"],
    [1e21, "1000E"],
  ])("%s is kept as %s", (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each(["", "abc", "1x", "1 Gi", "1e", "--1", "1.2.3"])("%j is none", (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  });

  it.each([
    ["1n", "1m"],
    ["1500u", "2m"],
    ["2", "2"],
    ["-1n", "0"],
  ])("%s of a resource is kept as %s", (text, rounded) => {
    expect(roundUpToMilli(text)).toBe(rounded);
  });
});

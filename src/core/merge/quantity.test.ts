import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuantity, sameQuantity } from "./quantity.ts";
import { sameScalar } from "./scalar.ts";

describe("quantities", () => {
  it.each([
    ["1000m", "1"],
    ["0.1", "100m"],
    ["1Gi", "1024Mi"],
    ["1.5Gi", "1536Mi"],
    ["1e3", "1k"],
    ["1E3", 1000],
    ["12e-1", 1.2],
    ["+5", 5],
    [".5", "500m"],
    ["5.", 5],
    ["1E", "1000000000000000000"],
    ["1Ei", "1152921504606846976"],
    ["-1.5", "-1500m"],
    ["0.1n", "1n"],
    ["0", "0Ki"],
  ] as const)("%s is %s", (a, b) => {
    expect(sameQuantity(a, b)).toBe(true);
  });

  it.each(["", "m", ".", "1 ", "1mi", "1KI", "1e", "abc", "1..2", "--1", "1e99999", "9".repeat(500)])(
    "%j is none",
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  it("tells amounts apart that floating point cannot", () => {
    expect(sameQuantity("9007199254740993", "9007199254740992")).toBe(false);
    expect(sameQuantity("1G", "1Gi")).toBe(false);
  });

  it("counts the same in every unit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (amount) => {
        expect(sameQuantity(`${amount}Mi`, `${amount * 1024n}Ki`)).toBe(true);
        expect(sameQuantity(`${amount}k`, `${amount * 1000n}`)).toBe(true);
        expect(sameQuantity(`${amount}m`, `${amount + 1n}m`)).toBe(false);
      }),
    );
  });
});

describe("scalars", () => {
  it.each([
    { format: "duration", a: "60m", b: "1h0m0s", same: true },
    { format: "duration", a: "1.5s", b: "1500ms", same: true },
    { format: "duration", a: "1m", b: "1ms", same: false },
    { format: "duration", a: "soon", b: "later", same: false },
    { format: "byte", a: "YWJj\nZGVm", b: "YWJjZGVm", same: true },
    { format: "quantity", a: "1Gi", b: "1025Mi", same: false },
    { format: "int-or-string", a: 80, b: "80", same: false },
    { format: undefined, a: "1000m", b: "1", same: false },
  ])("$a and $b as $format are the same: $same", ({ format, a, b, same }) => {
    expect(sameScalar(format, a, b)).toBe(same);
  });
});

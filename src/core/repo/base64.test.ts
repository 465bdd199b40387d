import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBase64, decodeBase64Text } from "./base64.ts";

it("decodes what base64 encodes, with and without padding and line breaks", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(decodeBase64(text)).toEqual(new Uint8Array(bytes));
      expect(decodeBase64(text.replaceAll("=", "").replaceAll(/(.{4})/g, "$1\n"))).toEqual(
        new Uint8Array(bytes),
      );
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodeBase64Text(Buffer.from(text).toString("base64"))).toBe(text);
    }),
  );
});

it("refuses what is not base64 of UTF-8", () => {
  expect([decodeBase64("a"), decodeBase64("ab!c"), decodeBase64Text("/w==")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { parseFieldText } from "./field-text.ts";
import { formatFieldPath } from "./path.ts";

const text = fc.oneof(fc.string(), fc.constantFrom("web", 'a"b', "a]b", "a,b=c", "app.kubernetes.io/name"));
const scalar = fc.oneof(text, fc.integer(), fc.boolean());
const element = fc.oneof(
  text.map((name) => `f:${name}`),
  fc.nat().map((index) => `i:${index}`),
  scalar.map((item) => `v:${JSON.stringify(item)}`),
  fc
    .tuple(scalar, scalar)
    .map(([name, port]) => `k:${JSON.stringify({ containerPort: port, protocol: name })}`),
);

it("a path that was printed is read back as it was", () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 6 }), (path) => {
      expect(parseFieldText(formatFieldPath(path))).toEqual(path);
    }),
    { numRuns: 2_000 },
  );
});

it("a text that is no path is none", () => {
  expect(parseFieldText("spec..replicas[")).toBeUndefined();
});

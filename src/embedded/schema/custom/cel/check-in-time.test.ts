import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { structuralOf } from "../structural.ts";
import { checkRulesInTime } from "./check-in-time.ts";

const integers = { type: "array", items: { type: "integer" } };

function check(rule: string, properties: JsonObject, value: JsonObject): readonly string[] {
  const schema = { type: "object", properties, "x-kubernetes-validations": [{ rule, message: "broken" }] };
  return checkRulesInTime(structuralOf(schema), value, undefined).map(({ message }) => message);
}

const nested =
  "self.l.all(a, self.l.all(b, self.l.all(c, self.l.all(d, self.l.all(e, a + b + c + d + e >= 0)))))";

it(
  "refuses an object whose rule loops within loops for minutes, and serves the next",
  { timeout: 30_000 },
  () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i);
    const started = performance.now();
    expect(check(nested, { l: integers }, { l: hundred })).toEqual([
      expect.stringContaining("running out of cost budget"),
    ]);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(check(nested, { l: integers }, { l: [1, 2] })).toEqual([]);
  },
);

it("tells the same of an object that is large enough to be timed", () => {
  const value = { l: Array.from({ length: 500 }, (_, i) => i) };
  expect(check("self.l.all(a, self.l.exists(b, a == b))", { l: integers }, value)).toEqual([]);
  expect(check("self.l.all(a, self.l.exists(b, a + 1 == b))", { l: integers }, value)).toEqual([
    expect.stringContaining("broken"),
  ]);
});

const text = { s: { type: "string" } };
const slow = { s: `${"a".repeat(40)}b` };

it.each([
  "self.s.matches('^(a+)+$')",
  "self.s . matches ('^(a+)+$')",
  "self.s.// at once\nmatches('^(a+)+$')",
  "r'\\' .matches(' != '' && self.s.matches('^(a+)+$')",
  `"""it's""" != '' && self.s.matches('^(a+)+$')`,
])("gives every pattern bounded time, however %j is written", (rule) => {
  expect(check(rule, text, slow)).toEqual([expect.stringContaining("broken")]);
});

it("leaves texts alone that look like a call", () => {
  expect(check("self.s.contains('.matches(')", text, { s: "a.matches(b)" })).toEqual([]);
});

import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { structuralOf } from "../structural.ts";
import { checkRules } from "./check-rules.ts";

function check(schema: JsonObject, value: JsonValue, old?: JsonValue): readonly string[] {
  const errors = checkRules(structuralOf(schema), { path: "spec", value, old });
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

function object(rule: string, properties: JsonObject): JsonObject {
  return { type: "object", properties, "x-kubernetes-validations": [{ rule, message: "broken" }] };
}

const text = { type: "string" };
const integer = { type: "integer" };

describe("rules of a schema", () => {
  it.each<[string, JsonObject, JsonObject, boolean]>([
    ["self.a < self.b", { a: integer, b: integer }, { a: 1, b: 2 }, true],
    ["self.a < self.b", { a: integer, b: integer }, { a: 3, b: 2 }, false],
    ["!has(self.a) || self.a == 'x'", { a: text }, {}, true],
    ["has(self.a)", { a: text }, {}, false],
    [
      "self.list.all(i, i.matches('^[a-z]+$'))",
      { list: { type: "array", items: text } },
      { list: ["a", "B"] },
      false,
    ],
    [
      "self.list.exists_one(i, i == 'a')",
      { list: { type: "array", items: text } },
      { list: ["a", "b"] },
      true,
    ],
    ["self.list.sum() == 3", { list: { type: "array", items: integer } }, { list: [1, 2] }, true],
    [
      "self.list.min() == 1 && self.list.max() == 2",
      { list: { type: "array", items: integer } },
      { list: [2, 1] },
      true,
    ],
    ["self.ratio < 0.5", { ratio: { type: "number" } }, { ratio: 1 }, false],
    [
      "quantity(self.q).add(quantity('1')).compareTo(quantity('1500m')) == 0",
      { q: text },
      { q: "0.5" },
      true,
    ],
    ["url(self.u).getHost() == 'a.b:1'", { u: text }, { u: "https://a.b:1/c" }, true],
    ["cidr('10.0.0.0/8').containsIP(self.ip)", { ip: text }, { ip: "10.1.1.1" }, true],
    ["self.?a.orValue('x') == 'x'", { a: text }, {}, true],
    ["size(self.s) == 3 && self.s.lowerAscii() == 'abc'", { s: text }, { s: "ABC" }, true],
    ["self.__namespace__ == 'a'", { namespace: text }, { namespace: "a" }, true],
  ])("%s", (...[rule, properties, value, isKept]) => {
    expect(check(object(rule, properties), value).length === 0).toBe(isKept);
  });

  it("says nothing of a function that is not supported", () => {
    expect(check(object("self.a.unheardOf()", { a: text }), { a: "x" })).toEqual([]);
  });

  it("checks rules about changes only where something was before", () => {
    const schema = { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] };
    expect(check(schema, "b")).toEqual([]);
    expect(check(schema, "b", "a")).toEqual([`spec: Invalid value: "b": failed rule: self == oldSelf`]);
  });

  it("follows items of a list with keys from one write to the next", () => {
    const item = object("!has(oldSelf.v) || self.v >= oldSelf.v", { name: text, v: integer });
    const list = {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: item,
    };
    const before = [
      { name: "a", v: 2 },
      { name: "b", v: 2 },
    ];
    expect(
      check(
        list,
        [
          { name: "b", v: 1 },
          { name: "a", v: 3 },
        ],
        before,
      ),
    ).toEqual(["spec[0]: Invalid value: broken"]);
  });

  it("ends in time for a pattern that others take for ever with", () => {
    expect(
      check(object("self.s.matches('^(a+)+$')", { s: text }), { s: `${"a".repeat(2_000)}b` }),
    ).toHaveLength(1);
  });
});

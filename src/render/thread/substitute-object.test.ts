import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { substituteObject } from "./substitute-object.ts";

const variables = new Map([
  ["N", "3"],
  ["ON", "true"],
  ["NAME", "shop"],
  ["MAP", "{a: 1}"],
  ["Q", '"'],
  ["BAD", "[x"],
]);

function substituted(data: JsonValue, metadata: JsonObject = { name: "a" }): JsonValue | undefined {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  const substitution = { variables, strict: false, secrets: [] };
  return substituteObject(object, { origin: "a.yaml#1", substitution, maxDepth: 200 })["data"];
}

describe("variables in an object", () => {
  it("become what their value is in the YAML text, as in Flux", () => {
    expect(
      substituted({
        number: "${N}",
        bool: "${ON}",
        text: "v${N}",
        quoted: "${Q}${N}${Q}",
        map: "${MAP}",
        empty: "${NONE}",
        colon: "${NAME}: ${N}",
        dollar: "$${N} costs $$5",
        lines: "a=${NAME}\nb=$$x\n\n  c\n",
        "${NAME}-key": 1,
        plain: ["true", "0644", "1_000", "0o17", "~", "<<", "x: y", "- z", ""],
      }),
    ).toEqual({
      number: 3,
      bool: true,
      text: "v3",
      quoted: "3",
      map: { a: 1 },
      empty: null,
      colon: "shop: 3",
      dollar: "${N} costs $5",
      lines: "a=shop\nb=$x\n\n  c\n",
      "shop-key": 1,
      plain: ["true", "0644", "1_000", "0o17", "~", "<<", "x: y", "- z", ""],
    });
  });

  it("stay in an object that is marked to be left", () => {
    const labels = { "kustomize.toolkit.fluxcd.io/substitute": "disabled" };
    expect(substituted({ a: "${N} $$" }, { name: "a", labels })).toEqual({ a: "${N} $$" });
  });

  it("are an error where the text cannot be read afterwards", () => {
    expect(() => substituted({ a: "${BAD}" })).toThrow(
      /^ConfigMap\/a \(a\.yaml#1\) with its variables replaced:\d+ \(document 1\): /,
    );
    expect(() => substituted({ a: "${N" })).toThrow(
      /^ConfigMap\/a \(a\.yaml#1\): line \d+ of the YAML: \$\{ has no closing brace/,
    );
  });

  it("change nothing else", () => {
    const unit = fc.constantFrom(
      "a",
      " ",
      "\n",
      "$",
      ":",
      "#",
      "-",
      "'",
      '"',
      "\\",
      "ü",
      "\t",
      "{",
      "0",
      "|",
      ">",
    );
    const text = fc.string({ unit, maxLength: 12 }).filter((value) => !/\$[${]/.test(value));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("map"),
      ),
      list: fc.array(tie("value"), { maxLength: 3 }),
      map: fc.dictionary(text, tie("value"), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 3 }), (data) => {
        const exact = JSON.parse(JSON.stringify(data)) as JsonValue;
        expect(substituted(exact)).toEqual(exact);
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import type { Schema } from "./check-value.ts";
import { checkValue } from "./check-value.ts";

const components: Readonly<Record<string, Schema>> = {
  Port: { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" },
  Node: {
    type: "object",
    properties: { next: { $ref: "Node" }, port: { allOf: [{ $ref: "Port" }], default: {} } },
  },
};

function problems(value: JsonValue, schema: Schema): readonly string[] {
  return checkValue(value, schema, { find: (name) => components[name] }).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
}

describe("checkValue", () => {
  it.each<[string, JsonValue, Schema, string]>([
    ["a null stands for nothing", { a: null }, { properties: { a: { type: "string" } } }, ""],
    [
      "a required null is missing",
      { a: null },
      { required: ["a"], properties: { a: {} } },
      "a: is missing; it is required",
    ],
    ["text or number", { next: { port: 80 } }, { $ref: "Node" }, ""],
    [
      "neither",
      { next: { port: true } },
      { $ref: "Node" },
      "next.port: is true or false; write a whole number or text",
    ],
    ["a reference to nothing takes all", { a: 1 }, { $ref: "Nowhere" }, ""],
    ["a whole number is a number", 3, { type: "number" }, ""],
    ["a number is not whole", 3.5, { type: "integer" }, ": is a number; write a whole number"],
    ["a range", 70_000, { type: "integer", maximum: 65_535 }, ": is more than 65535; write at most that"],
    ["a list of words", "Purple", { enum: ["Red", "Blue"] }, ': is none of "Red", "Blue"; write one of them'],
    [
      "any field of a map",
      { x: 1 },
      { type: "object", additionalProperties: { type: "string" } },
      "x: is a whole number; write text",
    ],
    [
      "unknown fields that are kept",
      { x: 1 },
      { properties: {}, "x-kubernetes-preserve-unknown-fields": true },
      "",
    ],
    [
      "an object inside",
      { kind: "A", x: 1 },
      { properties: {}, "x-kubernetes-embedded-resource": true },
      "x: is no field of this kind; remove it",
    ],
    [
      "a typo",
      { imgae: "a" },
      { properties: { image: {} } },
      "imgae: is no field of this kind; did you mean image?",
    ],
    [
      "a name of every object in JavaScript",
      JSON.parse('{"__proto__": 1}') as JsonValue,
      { properties: {} },
      "__proto__: is no field of this kind; remove it",
    ],
  ])("understands %s", (...[, value, schema, expected]) => {
    expect(problems(value, schema).join("\n")).toBe(expected);
  });

  it("ends where a schema has no end", () => {
    const deep = Array.from({ length: 5_000 }).reduce<JsonValue>((next) => ({ next }), {});
    expect(problems(deep, { $ref: "Node" })).toEqual([]);
  });
});

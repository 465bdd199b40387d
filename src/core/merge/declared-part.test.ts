import { expect, it } from "vitest";
import { declaredPart } from "./declared-part.ts";
import { parseOpenApiV3 } from "./openapi.ts";
import type { FieldSchema } from "./schema.ts";

const kind = { group: "example.com", version: "v1", kind: "Widget" };
const schemas = parseOpenApiV3({
  components: {
    schemas: {
      widget: {
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: {
              size: { type: "integer" },
              labels: { type: "object", additionalProperties: { type: "string" } },
              parts: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
              raw: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
        "x-kubernetes-group-version-kind": [kind],
      },
    },
  },
});

it("keeps what the schema declares, free-form maps and unknown content that is to be preserved", () => {
  const schema = schemas.schemaOf(kind) as FieldSchema;
  expect(
    declaredPart(schema, {
      spec: {
        size: 1,
        sise: 2,
        labels: { any: "key" },
        parts: [{ name: "a", nam: "b" }],
        raw: { x: { y: 1 } },
      },
      other: true,
    }),
  ).toEqual({ spec: { size: 1, labels: { any: "key" }, parts: [{ name: "a" }], raw: { x: { y: 1 } } } });
});

import { parseOpenApiV3 } from "../openapi.ts";
import type { WriteContext } from "../write-context.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

const text = { type: "string" };
const spec = {
  type: "object",
  properties: {
    count: { type: "integer" },
    on: { type: "boolean" },
    parts: {
      type: "array",
      items: { type: "object", properties: { name: text, size: { type: "integer" } } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    tags: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    words: { type: "array", items: text },
    labels: { type: "object", additionalProperties: text },
    solid: { type: "object", "x-kubernetes-map-type": "atomic", additionalProperties: text },
    inner: { type: "object", properties: { a: text, b: text } },
  },
};

/** The schema of a custom resource with every kind of list and map. */
export const gadgetSchema = parseOpenApiV3({
  components: {
    schemas: {
      "com.example.v1.Gadget": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Gadget" }],
        properties: {
          apiVersion: text,
          kind: text,
          metadata: { type: "object", properties: { name: text, labels: spec.properties.labels } },
          spec,
          status: { type: "object", properties: { phase: text } },
        },
      },
    },
  },
}).schemaOf({ group: "example.com", version: "v1", kind: "Gadget" });

export function gadget(content: JsonObject, rest: JsonObject = {}): KubeObject {
  return { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" }, spec: content, ...rest };
}

export function writeBy(manager: string, time = "2026-01-01T00:00:00Z"): WriteContext {
  return { schema: gadgetSchema, manager, apiVersion: "example.com/v1", subresource: "", time, hasStatus: true };
}

/** One line for each manager: who, how, when, and what they own. */
export function ownersOf(object: KubeObject): readonly string[] {
  return (object.metadata.managedFields ?? []).map(({ manager, operation, time, subresource, fieldsV1 }) => {
    const via = typeof subresource === "string" ? `/${subresource}` : "";
    const who = [manager, operation].map((part) => (typeof part === "string" ? part : "")).join(" ");
    const day = typeof time === "string" ? time.slice(8, 10) : "--";
    return `${who}${via} ${day} ${ownedText(fieldsV1 as JsonObject)}`;
  });
}

function ownedText(fields: JsonObject): string {
  return Object.entries(fields)
    .map(([step, below]) => {
      const name = step === "." ? "." : step.slice(2);
      const isLeaf = Object.keys(below as JsonObject).length === 0;
      return isLeaf ? name : `${name}{${ownedText(below as JsonObject)}}`;
    })
    .join(" ");
}

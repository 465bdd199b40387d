import type { FieldSchema } from "#core/merge/index.ts";
import { deduced, parseOpenApiV3 } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

const text = { type: "string" };

function keyed(properties: JsonObject): JsonObject {
  return {
    type: "array",
    items: { type: "object", properties },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
  };
}

const toleration = { type: "object", properties: { key: text, value: text } };

/** A kind with a list of each sort. */
export const webSchema: FieldSchema =
  parseOpenApiV3({
    components: {
      schemas: {
        Web: {
          type: "object",
          "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Web" }],
          properties: {
            apiVersion: text,
            kind: text,
            metadata: {
              type: "object",
              properties: { name: text, annotations: { type: "object", additionalProperties: text } },
            },
            spec: {
              type: "object",
              properties: {
                replicas: { type: "integer" },
                containers: keyed({ name: text, image: text, command: { type: "array", items: text } }),
                tolerations: { type: "array", items: toleration },
                finalizers: { type: "array", items: text, "x-kubernetes-list-type": "set" },
              },
            },
          },
        },
      },
    },
  }).schemaOf({ group: "apps", version: "v1", kind: "Web" }) ?? deduced;

export function web(spec: JsonObject, annotations?: JsonObject): KubeObject {
  const metadata = { name: "web", ...(annotations === undefined ? {} : { annotations }) };
  return { apiVersion: "apps/v1", kind: "Web", metadata, spec } as KubeObject;
}

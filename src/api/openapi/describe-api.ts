import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { JsonObject } from "#core/object/index.ts";
import { isRequired } from "../contract/codec/index.ts";
import type { Route } from "../contract/methods.ts";
import { routesOf, services } from "../contract/methods.ts";
import { isOpen } from "../gate.ts";
import type { SchemaCollector } from "./describe-message.ts";
import { createSchemaCollector, fieldSchema, opaqueSchema } from "./describe-message.ts";

const failure: JsonObject = {
  type: "object",
  properties: {
    error: { type: "string" },
    code: { type: "integer", description: "gRPC's number of what went wrong" },
    message: { type: "string", description: "What is wrong and how to put it right" },
  },
};

/** The REST side of the API as OpenAPI 3.0 (https://spec.openapis.org/oas/v3.0.3), from the descriptors that it is served by. */
export function describeApi(version: string): JsonObject {
  const collector = createSchemaCollector();
  const paths: Record<string, Record<string, JsonObject>> = {};
  const templates = createTemplates();
  for (const service of Object.values(services)) {
    for (const method of service.methods) {
      for (const route of routesOf(method)) {
        const path = templates.of(route.path);
        const at = (paths[path] ??= {});
        // The last one of a path and verb answers.
        at[route.verb.toLowerCase()] = describeOperation(method, { ...route, as: path }, collector);
      }
    }
  }
  return {
    openapi: "3.0.3",
    info: { title: "Mooring", version, description: "The API of Argo CD, served by Mooring." },
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: { ...collector.schemas(), Failure: failure },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        cookie: { type: "apiKey", in: "cookie", name: "argocd.token" },
      },
    },
  };
}

const braces = /\{([\w.]+)(?:=\*\*)?\}/gu;

function fieldsIn(path: string): readonly string[] {
  return [...path.matchAll(braces)].map(([, name = ""]) => name);
}

/**
 * Two paths that differ in the names of their fields alone are one path to OpenAPI, so the first one's names are those of all. A name
 * of a field in a field has no dot there: many tools take it for something else.
 */
function createTemplates() {
  const names = new Map<string, string>();
  for (const service of Object.values(services)) {
    for (const { path } of service.methods.flatMap((method) => routesOf(method))) {
      const shape = path.replaceAll(braces, "{}");
      if (!names.has(shape) || fieldsIn(path).every((name) => !name.includes("."))) names.set(shape, path);
    }
  }
  return {
    of: (path: string) =>
      (names.get(path.replaceAll(braces, "{}")) ?? path).replaceAll(
        braces,
        (_all, name: string) => `{${name.replaceAll(".", "_")}}`,
      ),
  };
}

interface PlacedRoute extends Route {
  /** The path as the document has it. */
  readonly as: string;
}

function describeOperation(method: DescMethod, route: PlacedRoute, { refer }: SchemaCollector): JsonObject {
  const { input, output, parent } = method;
  const inPath = fieldsIn(route.path);
  const shown = fieldsIn(route.as);
  const answer =
    method.methodKind === "server_streaming"
      ? { type: "object", properties: { result: refer(output), error: referToFailure() } }
      : refer(output);
  const types =
    method.methodKind === "server_streaming"
      ? ["application/json", "text/event-stream"]
      : ["application/json"];
  return {
    tags: [parent.name],
    operationId: `${parent.name}_${method.name}`,
    ...(isOpen(method) ? { security: [] } : {}),
    parameters: [
      ...inPath.map((name, i) => ({
        name: shown[i] ?? name,
        in: "path",
        required: true,
        schema: pathSchema(input, name),
      })),
      ...queryParameters(input, { inPath, body: route.body, refer }),
    ],
    ...(route.body === "" ? {} : { requestBody: describeBody(input, { inPath, body: route.body, refer }) }),
    responses: {
      200: { description: "The answer", content: contentOf(types, answer) },
      default: { description: "What went wrong", content: contentOf(["application/json"], referToFailure()) },
    },
  };
}

function referToFailure(): JsonObject {
  return { $ref: "#/components/schemas/Failure" };
}

function contentOf(types: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** A path holds texts and numbers alone. */
function pathSchema(input: DescMessage, name: string): JsonObject {
  const [head = "", ...tail] = name.split(".");
  const field = input.fields.find((one) => one.name === head);
  if (field === undefined) return { type: "string" };
  if (tail.length > 0 && field.message !== undefined) return pathSchema(field.message, tail.join("."));
  const schema = fieldSchema(field, () => ({ type: "string" }));
  return schema["type"] === "string" ? { ...schema, minLength: 1 } : schema;
}

interface Places {
  readonly inPath: readonly string[];
  readonly body: string;
  readonly refer: SchemaCollector["refer"];
}

/** What is neither in the path nor in the body; fields of messages by `message.field`. */
function queryParameters(input: DescMessage, { inPath, body, refer }: Places): readonly JsonObject[] {
  if (body === "*") return [];
  return input.fields
    .filter((field) => field.name !== body)
    .flatMap((field) => parametersOf(field, field.name))
    .filter(({ name }) => !inPath.includes(name))
    .map(({ name, field }) => ({
      name,
      in: "query",
      ...(isRequired(field) ? { required: true } : {}),
      schema: fieldSchema(field, refer),
    }));
}

/** Fields of a message in a message in a query are passed over: nothing has them. */
function parametersOf(
  field: DescField,
  name: string,
): readonly { readonly name: string; readonly field: DescField }[] {
  const { message } = field;
  if (field.fieldKind === "map" || (field.fieldKind === "list" && message !== undefined)) return [];
  if (message === undefined || opaqueSchema(message) !== undefined) return [{ name, field }];
  return message.fields
    .filter((inner) => inner.fieldKind === "scalar")
    .flatMap((inner) => parametersOf(inner, `${name}.${inner.name}`));
}

function describeBody(input: DescMessage, { inPath, body, refer }: Places): JsonObject {
  if (body !== "*") {
    const field = input.fields.find((one) => one.name === body);
    const schema = field === undefined ? {} : fieldSchema(field, refer);
    return { required: true, content: contentOf(["application/json"], schema) };
  }
  const required = input.fields
    .filter((field) => isRequired(field) && !inPath.includes(field.name))
    .map(({ name }) => name);
  const schema = { allOf: [refer(input)], ...(required.length === 0 ? {} : { required }) };
  return { required: true, content: contentOf(["application/json"], schema) };
}

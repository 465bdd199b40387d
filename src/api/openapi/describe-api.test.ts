import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { routesOf, services } from "../contract/methods.ts";
import { describeApi } from "./describe-api.ts";

const document = describeApi("1.2.3");

function referencesIn(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: JsonValue) => referencesIn(one));
  if (!isJsonObject(value)) return [];
  const own = viewString(value, "$ref");
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap((one) => referencesIn(one))];
}

describe("the OpenAPI document", () => {
  it("has an operation for every route", () => {
    const described = Object.entries(viewObject(document, "paths")).flatMap(([path, verbs]) =>
      Object.keys(verbs as JsonObject).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    const served = Object.values(services)
      .flatMap((service) => service.methods.flatMap((method) => routesOf(method)))
      .map(({ verb, path }) => `${verb} ${path.replaceAll(/\{[^}]*\}/gu, "{}")}`);
    const shapes = described.map((one) => one.replaceAll(/\{[^}]*\}/gu, "{}"));
    expect(shapes.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it("names no schema that it does not have, and has none that nothing names", () => {
    const schemas = Object.keys(viewObject(document, "components", "schemas"));
    const named = referencesIn(document).map((reference) => reference.slice("#/components/schemas/".length));
    expect(new Set(named)).toEqual(new Set(schemas));
  });

  it("gives every parameter of a path, and asks for no token where none is needed", () => {
    const wrong: string[] = [];
    for (const [path, verbs] of Object.entries(viewObject(document, "paths"))) {
      const names = [...path.matchAll(/\{([\w.]+)\}/gu)].map(([, name]) => name);
      for (const operation of Object.values(verbs as JsonObject)) {
        const parameters = (viewPath(operation, "parameters") ?? []) as readonly JsonObject[];
        const inPath = parameters.filter((one) => one["in"] === "path").map((one) => one["name"]);
        if (JSON.stringify(inPath) !== JSON.stringify(names)) wrong.push(path);
      }
    }
    expect(wrong).toEqual([]);
    expect(viewPath(document, "paths", "/api/version", "get", "security")).toEqual([]);
    expect(viewPath(document, "paths", "/api/v1/applications", "get", "security")).toBeUndefined();
  });

  it("says what a method takes", () => {
    expect(viewPath(document, "paths", "/api/v1/applications/{name}/rollback", "post")).toMatchObject({
      operationId: "ApplicationService_Rollback",
      parameters: [{ name: "name", in: "path", required: true, schema: { type: "string" } }],
      requestBody: {
        content: {
          "application/json": {
            schema: {
              allOf: [{ $ref: "#/components/schemas/application.ApplicationRollbackRequest" }],
              required: ["id"],
            },
          },
        },
      },
    });
  });
});

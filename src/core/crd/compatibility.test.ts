import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { applicationStatusSchema } from "./application-schema.ts";
import { customResourceDefinitions } from "./definitions.ts";
import { formatOpenApi } from "./openapi.ts";

/** Signature by field path; see the README beside the fixture. */
type Fields = Readonly<Record<string, string>>;

const fixture = new URL("../../../test/fixtures/argocd/crd-fields.json.gz", import.meta.url);
const argoCd = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as Readonly<Record<string, Fields>>;
const definitions = customResourceDefinitions();
const ours = Object.fromEntries(definitions.map((definition) => [nameOf(definition), fieldsOf(definition)]));

function nameOf(definition: JsonObject): string {
  return viewString(definition, "spec", "names", "plural") ?? "";
}

function fieldsOf(definition: JsonObject): Fields {
  const version = viewArray(definition, "spec", "versions")[0];
  const fields: Record<string, string> = {};
  collect("", viewObject(version, "schema", "openAPIV3Schema"), fields);
  return fields;
}

function collect(path: string, schema: JsonObject, fields: Record<string, string>): void {
  fields[path] = signatureOf(schema);
  for (const [name, field] of Object.entries(viewObject(schema, "properties"))) {
    collect(`${path}.${name}`, field as JsonObject, fields);
  }
  if (schema["items"] !== undefined) collect(`${path}[]`, schema["items"] as JsonObject, fields);
  const values = schema["additionalProperties"];
  if (typeof values === "object" && values !== null) collect(`${path}{}`, values as JsonObject, fields);
}

function signatureOf(schema: JsonObject): string {
  const flags: Readonly<Record<string, JsonValue | undefined>> = {
    enum: schema["enum"],
    minLength: schema["minLength"],
    maxLength: schema["maxLength"],
    pattern: schema["pattern"],
    intOrString: schema["x-kubernetes-int-or-string"],
    open: schema["x-kubernetes-preserve-unknown-fields"],
    required: schema["required"] === undefined ? undefined : sorted(viewArray(schema, "required")),
  };
  const set = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${JSON.stringify(value)}`],
  );
  return [viewString(schema, "type") ?? "-", viewString(schema, "format"), ...set]
    .filter((part) => part !== undefined)
    .join(" ");
}

function sorted(values: readonly JsonValue[]): readonly JsonValue[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function without(fields: Fields | undefined, drop: (path: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([path]) => !drop(path)));
}

describe("the CustomResourceDefinitions", () => {
  it("of appprojects accept the same fields as Argo CD's, no more and no less", () => {
    expect(ours["appprojects"]).toEqual(argoCd["appprojects"]);
  });

  it("of applications accept the same fields as Argo CD's, and any status", () => {
    const isStatus = (path: string) => path.startsWith(".status");
    expect(without(ours["applications"], isStatus)).toEqual(without(argoCd["applications"], isStatus));
    expect(ours["applications"]?.[".status"]).toBe("object open=true");
  });

  it("of applications are written a status of exactly the fields that Argo CD's have", () => {
    const written: Record<string, string> = {};
    collect(".status", formatOpenApi(applicationStatusSchema), written);
    const theirs = argoCd["applications"] ?? {};
    const isStatus = (path: string) => path === ".status" || path.startsWith(".status.");
    expect(written).toEqual(without(theirs, (path) => !isStatus(path)));
  });

  it("of applicationsets accept every field that Argo CD's accept", () => {
    const our = ours["applicationsets"] ?? {};
    const refused = Object.entries(argoCd["applicationsets"] ?? {}).filter(([path, signature]) => {
      const mine = our[path];
      if (mine === undefined) return !isKept(path, our);
      return mine !== signature && !isWider(mine, signature);
    });
    expect(refused).toEqual([]);
  });

  it("stay small enough for kubectl apply without --server-side", () => {
    for (const definition of definitions) expect(JSON.stringify(definition).length).toBeLessThan(200_000);
  });

  it("keep spec and status of an Application on one write path", () => {
    const [application] = definitions;
    expect(viewPath(viewArray(application, "spec", "versions")[0], "subresources")).toBeUndefined();
  });
});

/** True below a field that keeps what it does not know. */
function isKept(path: string, fields: Fields): boolean {
  const steps = path.split(/(?=\.|\[\]|\{\})/u);
  return steps.some((_, i) => fields[steps.slice(0, i).join("")]?.includes("open=true") === true);
}

/** True when ours keeps unknown fields, is of the same type and asks for nothing that theirs does not ask for. */
function isWider(mine: string, theirs: string): boolean {
  const [type] = mine.split(" ");
  const needs = (signature: string) =>
    JSON.parse(/required=(\[[^\]]*\])/u.exec(signature)?.[1] ?? "[]") as string[];
  const asked = new Set(needs(theirs));
  return (
    mine.includes("open=true") &&
    theirs.split(" ")[0] === type &&
    needs(mine).every((field) => asked.has(field))
  );
}

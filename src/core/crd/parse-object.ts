import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { Problem } from "./parse.ts";
import { parseValue } from "./parse.ts";
import type { ObjectSchema, Schema } from "./schema.ts";

export const argoApiVersion = "argoproj.io/v1alpha1" as const;
export const mooringApiVersion = "mooring.dev/v1alpha1" as const;

const shownProblems = 5;

/**
 * Checks an object of one of Argo CD's kinds against its schema. Throws APP_INVALID that lists every wrong field, the
 * first five in words.
 */
export function parseArgoObject(object: KubeObject, kind: string, schema: ObjectSchema): KubeObject {
  return parseObject(object, { apiVersion: argoApiVersion, kind, schema });
}

/**
 * The same for one of our own kinds, in whose spec a field that is not known is wrong, too: nothing that is said is passed over.
 */
export function parseMooringObject(object: KubeObject, kind: string, schema: ObjectSchema): KubeObject {
  const parsed = parseObject(object, { apiVersion: mooringApiVersion, kind, schema });
  const spec = schema.fields["spec"];
  const given: JsonValue = parsed["spec"] ?? {};
  const unknown = spec === undefined ? [] : unknownFields(spec, given, "spec");
  if (unknown.length === 0) return parsed;
  throw invalid(subjectOf(object, kind), unknown);
}

interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: ObjectSchema;
}

function subjectOf({ metadata }: KubeObject, kind: string): string {
  return [kind, metadata.namespace ?? "", metadata.name ?? ""].filter((part) => part !== "").join("/");
}

function parseObject(object: KubeObject, { apiVersion, kind, schema }: Wanted): KubeObject {
  const name = object.metadata.name ?? "";
  const subject = subjectOf(object, kind);
  if (object.kind !== kind || object.apiVersion !== apiVersion) {
    const found = `${object.apiVersion} ${object.kind}`;
    throw invalid(subject, [
      { path: "kind", message: `must be ${apiVersion} ${kind}, found ${found}; change it` },
    ]);
  }
  if (name === "") {
    throw invalid(subject, [{ path: "metadata.name", message: "metadata.name is required; add a name" }]);
  }
  const parsed = parseValue(schema, object);
  if (!parsed.ok) throw invalid(subject, parsed.problems);
  return parsed.value as KubeObject;
}

function unknownFields(schema: Schema, value: JsonValue, path: string): readonly Problem[] {
  if (schema.kind === "array" && isJsonArray(value))
    return value.flatMap((each, i) => unknownFields(schema.items, each, `${path}[${i}]`));
  if (schema.kind !== "object" || !isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, each = null]) => {
    const [field, at] = [schema.fields[name], `${path}.${name}`];
    if (field !== undefined) return unknownFields(field, each, at);
    const known = Object.keys(schema.fields).join(", ");
    return [{ path: at, message: `${at} is not known; use ${known}` }];
  });
}

function invalid(subject: string, problems: readonly Problem[]): MooringError {
  const shown = problems.slice(0, shownProblems).map((problem) => problem.message);
  const more = problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [];
  return new MooringError("APP_INVALID", `${subject}: ${[...shown, ...more].join("; ")}`, { key: subject });
}

import { parseValue } from "#core/crd/parse.ts";
import type { Schema } from "#core/crd/schema.ts";
import { array, object, required, string } from "#core/crd/schema.ts";
import type { Infer } from "#core/crd/schema.ts";
import type { SystemIgnoreEntry } from "#core/differences/index.ts";
import { checkEntry } from "#core/differences/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

const ignoreSchema = object({
  jsonPointers: array(string()),
  jqPathExpressions: array(string()),
  managedFieldsManagers: array(string()),
});

const knownTypesSchema = array(
  object({
    field: required(string(undefined, { pattern: "^[\\w-]+(?:\\.[\\w-]+)*$" })),
    type: required(string(undefined, { pattern: "^(?:core/v1/[A-Z]\\w*|core/Quantity|meta/v1/Duration)$" })),
  }),
);

/** Fields of a custom kind that hold what a built-in kind holds, and are compared as there. */
export interface KnownTypeFields {
  readonly group: string;
  readonly kind: string;
  readonly fields: Infer<typeof knownTypesSchema>;
}

/** What `argocd-cm` says about how the objects of certain kinds are compared. */
export interface ComparisonSettings {
  readonly ignoreDifferences: readonly SystemIgnoreEntry[];
  /** Changes of only these fields are no reason to look at an application. */
  readonly ignoreResourceUpdates: readonly SystemIgnoreEntry[];
  readonly knownTypeFields: readonly KnownTypeFields[];
}

/** A reader of one ConfigMap. */
export interface CustomizationsReader {
  readonly keys: readonly string[];
  /** What `resource.customizations` holds; undefined when it is missing or no YAML. */
  readonly block: JsonValue | undefined;
  /** Undefined when the key is missing, empty or no YAML; the latter is reported. */
  readonly readYaml: (key: string) => JsonValue | undefined;
  /** The same for a text that is part of a key's value; the key is for the report. */
  readonly parseText: (key: string, text: string) => JsonValue | undefined;
  readonly report: (message: string) => void;
  /** How messages name a key. */
  readonly name: (key: string) => string;
}

const root = "resource.customizations";
type Aspect = "ignoreDifferences" | "ignoreResourceUpdates" | "knownTypeFields";

/** One customization, wherever it was written. */
interface Customization {
  readonly kind: GroupKind;
  /** Such as `resource.customizations.ignoreDifferences.apps_Deployment`. */
  readonly key: string;
  readonly value: JsonValue;
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** Reads the keys that begin with `resource.customizations`, and the old block of that name; a key of its own wins over the block. */
export function readCustomizations(reader: CustomizationsReader): ComparisonSettings {
  const found = (aspect: Aspect) => {
    const all = [...inBlock(aspect, reader), ...inKeys(aspect, reader)];
    return [...new Map(all.map((one) => [`${one.kind.group}/${one.kind.kind}`, one])).values()];
  };
  const entries = (aspect: Aspect) => found(aspect).flatMap((one) => readEntry(one, reader));
  return {
    ignoreDifferences: entries("ignoreDifferences"),
    ignoreResourceUpdates: entries("ignoreResourceUpdates"),
    knownTypeFields: found("knownTypeFields").flatMap(({ kind, key, value }) => {
      const fields = parsed(knownTypesSchema, value, (message) =>
        reader.report(`${key} is ignored: ${message}`),
      );
      return fields === undefined ? [] : [{ ...kind, fields }];
    }),
  };
}

function inKeys(aspect: Aspect, { keys, readYaml }: CustomizationsReader): readonly Customization[] {
  const prefix = `${root}.${aspect}.`;
  return keys
    .filter((key) => key.startsWith(prefix))
    .toSorted()
    .flatMap((key) => {
      const value = readYaml(key);
      return value === undefined ? [] : [{ kind: kindOf(key.slice(prefix.length)), key, value }];
    });
}

/** `apps_Deployment`, `Service`, or `all`. */
function kindOf(name: string): GroupKind {
  if (name === "all") return { group: "*", kind: "*" };
  const at = name.lastIndexOf("_");
  return { group: at < 0 ? "" : name.slice(0, at), kind: name.slice(at + 1) };
}

/** In the block the customization of each kind is an object, in which differences and updates are YAML in a text. */
function inBlock(aspect: Aspect, { block, parseText }: CustomizationsReader): readonly Customization[] {
  if (!isJsonObject(block)) return [];
  return Object.entries(block).flatMap(([name, customization]) => {
    const written = isJsonObject(customization) ? customization[aspect] : undefined;
    const key = `${root}: ${name}: ${aspect}`;
    const value = typeof written === "string" ? parseText(key, written) : written;
    const at = name.lastIndexOf("/");
    const kind = { group: at < 0 ? "" : name.slice(0, at), kind: name.slice(at + 1) };
    return value === undefined || value === null ? [] : [{ kind, key, value }];
  });
}

function readEntry(
  { kind, key, value }: Customization,
  reader: CustomizationsReader,
): readonly SystemIgnoreEntry[] {
  const report = (message: string): void => reader.report(`${key} is ignored: ${message}`);
  const entry = parsed(ignoreSchema, value, report);
  if (entry === undefined) return [];
  const problems = checkEntry({ ...kind, ...entry });
  for (const problem of problems) report(problem);
  if (problems.length > 0) return [];
  const { jsonPointers, jqPathExpressions, managedFieldsManagers } = entry;
  return [{ ...kind, jsonPointers, jqPathExpressions, managedFieldsManagers, origin: reader.name(key) }];
}

function parsed<S extends Schema>(
  schema: S,
  value: JsonValue,
  report: (message: string) => void,
): Infer<S> | undefined {
  const result = parseValue(schema, value);
  if (result.ok) return result.value;
  report(result.problems.map(({ message }) => message).join("; "));
  return undefined;
}

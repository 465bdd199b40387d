import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject, StringMap } from "#core/object/index.ts";
import { isJsonObject, labelsOf, viewObject } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";

/** A ConfigMap or Secret of the control-plane namespace that gives variables. */
interface VariableSource {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** It may be missing. */
  readonly optional: boolean;
}

/** What an Application's annotations say about variables. */
export interface VariableOptions {
  readonly inline: ReadonlyMap<string, string>;
  /** Later ones win, and the inline ones win over all. */
  readonly from: readonly VariableSource[];
  readonly strict: boolean;
}

/**
 * Gives a ConfigMap or Secret away as variables, with the name of a project or `any`. Without it whoever may write an
 * Application could read every credential of the control plane.
 */
export const variablesForLabel = "mooring.dev/variables-for";

const inlineAnnotation = "mooring.dev/substitute";
const fromAnnotation = "mooring.dev/substitute-from";
const strictAnnotation = "mooring.dev/substitute-strict";
const nameForm = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the annotations `mooring.dev/substitute` (lines `NAME=value`, or a JSON map of texts), `mooring.dev/substitute-from`
 * (`ConfigMap/name` or `Secret/name`, separated by commas or lines, `?` behind what may be missing) and
 * `mooring.dev/substitute-strict`. Undefined when there is nothing to substitute. Throws APP_INVALID that names the annotation.
 */
export function parseVariableOptions(annotations: StringMap, subject: string): VariableOptions | undefined {
  const fail = (annotation: string, problem: string): never => {
    throw new MooringError("APP_INVALID", `${subject}: annotation ${annotation} ${problem}`);
  };
  const inline = readInline(annotations[inlineAnnotation] ?? "", (problem) =>
    fail(inlineAnnotation, problem),
  );
  const from = readSources(annotations[fromAnnotation] ?? "", (problem) => fail(fromAnnotation, problem));
  const strict = annotations[strictAnnotation] ?? "false";
  if (strict !== "true" && strict !== "false") fail(strictAnnotation, "must be true or false");
  return inline.size + from.length === 0 ? undefined : { inline, from, strict: strict === "true" };
}

type Fail = (problem: string) => never;

function readInline(text: string, fail: Fail): ReadonlyMap<string, string> {
  const entries = text.trimStart().startsWith("{") ? readJson(text, fail) : readLines(text, fail);
  for (const [name] of entries) checkName(name, fail);
  return new Map(entries.map(([name, value]) => [name, onOneLine(value)]));
}

function readJson(text: string, fail: Fail): readonly (readonly [string, string])[] {
  const value = parseJson(text);
  if (!isJsonObject(value)) return fail("is no JSON map");
  return Object.entries(value).map(([name, field]) =>
    typeof field === "string" ? [name, field] : fail(`must give ${name} as text; put quotes around it`),
  );
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function readLines(text: string, fail: Fail): readonly (readonly [string, string])[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line, at) => {
      const equals = line.indexOf("=");
      if (equals < 0) fail(`has no = in its entry ${at + 1}; write NAME=value`);
      return [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
    });
}

function checkName(name: string, fail: Fail): void {
  if (!nameForm.test(name)) {
    fail(`has the name ${JSON.stringify(name)}, which must be letters, digits and _, no digit first`);
  }
}

function readSources(text: string, fail: Fail): readonly VariableSource[] {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== "")
    .map((entry) => {
      const parts = /^(ConfigMap|Secret)\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(\??)$/.exec(entry);
      if (parts === null)
        return fail(`must list ConfigMap/name or Secret/name, but has ${JSON.stringify(entry)}`);
      const [, kind, name = "", mark] = parts;
      return { kind: kind === "Secret" ? "Secret" : "ConfigMap", name, optional: mark === "?" };
    });
}

/** A value is put into one line of YAML. */
function onOneLine(value: string): string {
  return value.replaceAll("\n", "");
}

export interface FoundVariables {
  readonly variables: ReadonlyMap<string, string>;
  readonly strict: boolean;
  /** Values that came from Secrets: nobody may show them. */
  readonly secrets: readonly string[];
}

export interface VariableLookup {
  /** Of the Application. */
  readonly project: string;
  /** For messages. */
  readonly subject: string;
  /** An object of the control-plane namespace. */
  readonly find: (source: VariableSource) => KubeObject | undefined;
}

/** Puts the variables together. Throws CONFIG_NOT_FOUND, POLICY_FORBIDDEN or CONFIG_INVALID; messages hold no value. */
export function collectVariables(options: VariableOptions, lookup: VariableLookup): FoundVariables {
  const variables = new Map<string, string>();
  const secrets: string[] = [];
  for (const source of options.from) {
    for (const [name, value] of readSource(source, lookup)) {
      variables.set(name, value);
      if (source.kind === "Secret") secrets.push(value);
    }
  }
  for (const [name, value] of options.inline) variables.set(name, value);
  return { variables, strict: options.strict, secrets };
}

function readSource(source: VariableSource, lookup: VariableLookup): readonly (readonly [string, string])[] {
  const { subject, project } = lookup;
  const name = `${source.kind}/${source.name}`;
  const object = lookup.find(source);
  if (object === undefined) {
    if (source.optional) return [];
    throw new MooringError(
      "CONFIG_NOT_FOUND",
      `${subject}: ${name} of annotation ${fromAnnotation} does not exist in the control-plane namespace; create it, or write ${name}? if it may be missing`,
    );
  }
  const given = labelsOf(object)[variablesForLabel];
  if (given !== "any" && given !== project) {
    throw new MooringError(
      "POLICY_FORBIDDEN",
      `${subject}: ${name} of annotation ${fromAnnotation} is not given to project ${project}; label it ${variablesForLabel}: ${project}`,
    );
  }
  const fail: Fail = (problem) => {
    throw new MooringError("CONFIG_INVALID", `${name}: ${problem}`);
  };
  return Object.entries(viewObject(object, "data")).map(([key, value]) => {
    checkName(key, (problem) => fail(`data ${problem}`));
    const text = typeof value !== "string" || source.kind === "ConfigMap" ? value : decodeBase64Text(value);
    return typeof text === "string" ? [key, onOneLine(text)] : fail(`field data.${key} is no text`);
  });
}

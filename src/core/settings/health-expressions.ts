import { parseValue } from "#core/crd/parse.ts";
import type { Infer } from "#core/crd/schema.ts";
import { object, required, string } from "#core/crd/schema.ts";
import { messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { kindOfKey } from "./kind-of-key.ts";

const fields = {
  suspended: string(),
  inProgress: string(),
  failed: string(),
  current: required(string()),
  message: string(),
};

const schema = object(fields);

/** A health check as expressions in CEL. */
export interface HealthExpressions {
  readonly language: "cel";
  /** The key of `argocd-cm`; messages name it. */
  readonly name: string;
  /** By state, in the order in which they are tried, and what to say; a text is what is wrong with the key. */
  readonly expressions: Infer<typeof schema> | string;
}

export interface HealthExpressionsReader {
  readonly keys: readonly string[];
  /** Undefined when the key is missing or empty. */
  readonly readText: (key: string) => string | undefined;
  /** Throws CONFIG_INVALID for a text that is no YAML. */
  readonly parseYaml: (text: string) => JsonValue;
  readonly report: (message: string) => void;
}

/** Argo CD passes over keys of this name. */
const prefix = "mooring.health.";

/** Reads `mooring.health.<group>_<Kind>`, by `group/Kind`, and by `Kind` for the core group. A key that names no kind is reported. */
export function readHealthExpressions({
  keys,
  readText,
  parseYaml,
  report,
}: HealthExpressionsReader): Readonly<Record<string, HealthExpressions>> {
  const found = keys
    .filter((key) => key.startsWith(prefix))
    .toSorted()
    .flatMap((name) => {
      const kind = kindOfKey(name.slice(prefix.length));
      const text = readText(name);
      if (kind === undefined || kind === "*/*") {
        report(`${name} is ignored: name the kind as <group>_<Kind>, or <Kind>`);
        return [];
      }
      if (text === undefined) return [];
      return [[kind, { language: "cel", name, expressions: parseExpressions(text, parseYaml) }] as const];
    });
  return Object.fromEntries(found);
}

function parseExpressions(
  text: string,
  parseYaml: HealthExpressionsReader["parseYaml"],
): HealthExpressions["expressions"] {
  try {
    const value = parseYaml(text);
    const unknown = isJsonObject(value)
      ? Object.keys(value).filter((name) => !Object.hasOwn(fields, name))
      : [];
    if (unknown.length > 0) {
      return `there is no field ${unknown.join(", ")}; write ${Object.keys(fields).join(", ")}`;
    }
    const parsed = parseValue(schema, value);
    return parsed.ok ? parsed.value : parsed.problems.map(({ message }) => message).join("; ");
  } catch (error) {
    return messageOf(error);
  }
}

import { YAMLParseError, parseDocument } from "yaml";
import { isRecord } from "../is-same.ts";

export type ParsedYaml =
  | { readonly isValid: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly isValid: false; readonly problem: string };

/** Longer than any that Kubernetes takes. */
const maxLength = 1024 * 1024;

/** Reads what somebody typed; what is wrong is said with the line. `what` is what it should be, such as `the spec`. */
export function parseYaml(text: string, what: string): ParsedYaml {
  if (text.length > maxLength)
    return { isValid: false, problem: `It is longer than 1 MiB, which ${what} cannot be.` };
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { isValid: false, problem: problemOf(error) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (caught) {
    if (caught instanceof ReferenceError) return { isValid: false, problem: `${caught.message}.` };
    throw caught;
  }
  if (isRecord(value)) return { isValid: true, value };
  return { isValid: false, problem: `It must be an object with fields, as ${what} is.` };
}

function problemOf(error: Error): string {
  const [first = ""] = error.message.split("\n");
  // The message ends in "at line 3, column 1:".
  return error instanceof YAMLParseError ? `${first.replace(/:$/u, "")}.` : first;
}

import type { JsonValue } from "#core/object/index.ts";

/** Texts that a YAML 1.1 or 1.2 reader would take for something else than a string. */
const RESERVED = /^(?:\.{3}|~|null|true|false|yes|no|on|off|y|n|=|<<|\.nan|[-+]?\.inf)$/i;
const NUMBER_LIKE =
  /^[-+]?(?:\d[\d_]*(?::[0-5]?\d)*(?:\.[\d_]*)?(?:e[-+]?\d+)?|\.[\d._]*(?:e[-+]?\d+)?|e[-+]?\d+|0[xob][\da-f_]+)$/i;
const DATE_LIKE = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;
const PLAIN = /^[\p{L}\p{N}_./$(+\\][^\p{Cc}\p{Cf}\u2028\u2029]*$/u;
/** Command-line flags. */
const DASH_WORD = /^--?\w/;

/** A value that fits on one line, quoted where it would otherwise be read as something else. */
export function printScalar(value: Exclude<JsonValue, object> | null): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (isPlain(value)) return value;
  return isPrintable(value) && !value.includes("'") && (value.includes('"') || value.includes("\\"))
    ? `'${value}'`
    : printDoubleQuoted(value);
}

/** True for a text that is shown best as a literal block: several lines without invisible characters. */
export function isLiteral(text: string): boolean {
  return (
    text.includes("\n") &&
    text.trim() !== "" &&
    // Parsers do not agree on what is left of a line of nothing but spaces.
    !/^[ \t]+$/m.test(text) &&
    !/[^\n\t\P{Cc}]|[\p{Cf}\u2028\u2029\uD800-\uDFFF]/u.test(text)
  );
}

function isPlain(text: string): boolean {
  if (!PLAIN.test(text) && !(DASH_WORD.test(text) && isPrintable(text))) return false;
  if (RESERVED.test(text) || NUMBER_LIKE.test(text) || DATE_LIKE.test(text)) return false;
  return !/: |:$| #|^\s|\s$/.test(text) && text.isWellFormed();
}

function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text);
}

/** JSON's escapes are YAML's; what JSON leaves raw and an editor would not show is escaped too. */
function printDoubleQuoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

import type { JsonObject } from "#core/object/index.ts";
import { viewNumber, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { invalid, tooLong, typeInvalid } from "../validate/field-errors.ts";
import { hasFormat } from "./formats.ts";
import { bodyOf, pathless } from "./located.ts";
import { compilePattern } from "#runtime/patterns.ts";

/** Length and pattern, the first that is wrong, and the format. */
export function checkText(schema: JsonObject, path: string, text: string): readonly FieldError[] {
  const format = viewString(schema, "format") ?? "";
  const errors = checkLength(schema, path, text) ?? checkPattern(schema, path, text);
  if (format === "" || hasFormat(format, text)) return errors;
  const detail = `${bodyOf(path)} must be of type ${format}: ${JSON.stringify(text)}`;
  return [...errors, typeInvalid(path, text, detail)];
}

function checkLength(schema: JsonObject, path: string, text: string): readonly FieldError[] | undefined {
  const max = viewNumber(schema, "maxLength");
  const min = viewNumber(schema, "minLength");
  if (max === undefined && min === undefined) return undefined;
  const length = Array.from(text).length;
  if (max !== undefined && length > max) return [tooLong(path, max)];
  if (min === undefined || length >= min) return undefined;
  return [invalid(path, text, `${bodyOf(path)} should be at least ${min} chars long`)];
}

function checkPattern(schema: JsonObject, path: string, text: string): readonly FieldError[] {
  const pattern = viewString(schema, "pattern") ?? "";
  if (pattern === "") return [];
  const compiled = compilePattern(pattern);
  const name =
    compiled instanceof Error ? `${pattern}, but pattern is invalid: ${compiled.message}` : pattern;
  if (!(compiled instanceof Error) && compiled.test(text)) return [];
  return [invalid(path, text, `${bodyOf(path)} should match '${name}'`)];
}

/** Range of the type, multiples and bounds. */
export function checkNumber(schema: JsonObject, path: string, value: number): readonly FieldError[] {
  return [
    ...checkRange(schema, path, value),
    ...checkMultiple(schema, path, value),
    ...checkBounds(schema, path, value),
  ];
}

function checkRange(schema: JsonObject, path: string, value: number): readonly FieldError[] {
  const format = viewString(schema, "format");
  if (viewString(schema, "type") !== "integer") return [];
  const bound = format === "int32" ? 2 ** 31 : 2 ** 63;
  if (Number.isInteger(value) && value >= -bound && value < bound) return [];
  const qualifier = format === undefined ? "(default format)" : `with format ${format}`;
  return [pathless(`Checked value must be of type integer ${qualifier} in ${path}`)];
}

function checkMultiple(schema: JsonObject, path: string, value: number): readonly FieldError[] {
  const declared = viewNumber(schema, "multipleOf");
  if (declared === undefined) return [];
  // Of a whole number, the validator takes a whole factor.
  const factor = Number.isInteger(value) ? Math.trunc(declared) : declared;
  if (factor <= 0)
    return [invalid(path, factor, `factor MultipleOf declared for ${path} must be positive: ${factor}`)];
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  if (Number.isInteger(times) || Math.abs(times - Math.round(times)) < 1e-9) return [];
  return [invalid(path, value, `${bodyOf(path)} should be a multiple of ${factor}`)];
}

function checkBounds(schema: JsonObject, path: string, value: number): readonly FieldError[] {
  const errors: FieldError[] = [];
  const report = (words: string, bound: number): void => {
    errors.push(invalid(path, value, `${bodyOf(path)} should be ${words} ${bound}`));
  };
  const [min, max] = [viewNumber(schema, "minimum"), viewNumber(schema, "maximum")];
  const isMinExcluded = schema["exclusiveMinimum"] === true;
  const isMaxExcluded = schema["exclusiveMaximum"] === true;
  if (min !== undefined && (isMinExcluded ? value <= min : value < min)) {
    report(isMinExcluded ? "greater than" : "greater than or equal to", min);
  }
  if (max !== undefined && (isMaxExcluded ? value >= max : value > max)) {
    report(isMaxExcluded ? "less than" : "less than or equal to", max);
  }
  return errors;
}

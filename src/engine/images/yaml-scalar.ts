import type { Scalar } from "yaml";
import { isScalar } from "yaml";

/** A scalar on one line of a text, and where. */
export interface PlacedScalar {
  readonly value: string;
  /** As it is written, with its quotes. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly style: "plain" | "single" | "double";
  /** A plain scalar that is no string, such as the number 1.10. */
  readonly isOther: boolean;
}

/** Undefined for what is no scalar with a text of its own: a block, an alias, nothing at all. */
export function placeScalar(node: unknown): PlacedScalar | undefined {
  if (!isScalar(node)) return undefined;
  const { srcToken: token } = node as Scalar;
  if (token === undefined || !("source" in token) || !("offset" in token)) return undefined;
  const style = styleOf(token.type);
  if (style === undefined || token.source === "") return undefined;
  const isText = typeof node.value === "string";
  // As it is read: the tag 1.10 without quotes is the number 1.1.
  const value = isText ? (node.value as string) : String(node.value);
  const { source, offset } = token;
  return { value, source, start: offset, end: offset + source.length, style, isOther: !isText };
}

function styleOf(type: string): PlacedScalar["style"] | undefined {
  if (type === "scalar") return "plain";
  if (type === "single-quoted-scalar") return "single";
  return type === "double-quoted-scalar" ? "double" : undefined;
}

/** An image, a tag or a digest in YAML, in the way of writing that is there; in quotes where it would be no string without. */
export function writeScalar(value: string, style: PlacedScalar["style"]): string {
  const isPrintable = !/\p{Cc}/u.test(value);
  if (style === "single" && isPrintable) return `'${value.replaceAll("'", "''")}'`;
  return style === "plain" && isPlainString(value) ? value : JSON.stringify(value);
}

/** Some readers of YAML 1.1 take an exponent alone for a number. */
const exponent = /^e[-+]?\d+$/iu;
const words = /^(?:y|n|yes|no|on|off|true|false|null)$/iu;

/** Whether YAML 1.1 and 1.2 both read it as a string: readers differ in what they take for a number, a moment or a truth. */
function isPlainString(value: string): boolean {
  // The host of an address of IPv6 begins like a list.
  if (value.includes("/")) return /^\w[^[\]{},"'\p{Cc}]*$/u.test(value);
  if (/^[A-Za-z]/u.test(value)) return !words.test(value) && !exponent.test(value);
  return /^\d+\.\d+\.\d/u.test(value);
}

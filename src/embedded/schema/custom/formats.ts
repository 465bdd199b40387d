import { isIPv4, isIPv6 } from "node:net";
import { parseGoDuration } from "../types/time.ts";

const hex = "[0-9a-f]";
const uuid = (version: string, variant: string): RegExp =>
  new RegExp(`^${hex}{8}-?${hex}{4}-?${version}-?${variant}-?${hex}{12}$`, "i");
const letter = String.raw`[a-zA-Z0-9\p{S}\p{L}]`;
/** The last part of a name has two letters at least; a name of one part only has any. */
const hostname = new RegExp(
  String.raw`^(${letter}((-?${letter}{0,62})?)|(${letter}(([a-zA-Z0-9-\p{S}\p{L}]{0,61}${letter})?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$`,
  "u",
);
const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";

/** Formats of strings that the API server checks; others are not looked at. */
const formats: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  bsonobjectid: /^[0-9a-f]{24}$/i,
  uri: (text) => text.startsWith("/") || (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text)),
  email: /^(?:[^<>]* <[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
  hostname: (text) =>
    text.length <= 255 && hostname.test(text) && text.split(".").every((part) => part.length <= 63),
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text),
  cidr: isCidr,
  mac: /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?:[:-][0-9a-f]{2}){0,14}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2,9})$/i,
  uuid: uuid(`${hex}{4}`, `${hex}{4}`),
  uuid3: uuid(`3${hex}{3}`, `${hex}{4}`),
  uuid4: uuid(`4${hex}{3}`, `[89ab]${hex}{3}`),
  uuid5: uuid(`5${hex}{3}`, `[89ab]${hex}{3}`),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  ssn: /^\d{3}[- ]?\d{2}[- ]?\d{4}$/,
  hexcolor: /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  datetime: isDateTime,
  duration: (text) => parseGoDuration(text) !== undefined || /^[+-]?\d+(?:\.\d+)?\s*[a-zµ]+$/i.test(text),
  "k8s-short-name": (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
  "k8s-long-name": (text) => text.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(text),
};

/** True for a text that the format allows, and for any text where the format is none that is checked. */
export function hasFormat(format: string, text: string): boolean {
  // `date-time` and `datetime` are one format, as are all that differ by dashes.
  const name = format.startsWith("k8s-") ? format : format.replaceAll("-", "");
  const check = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (check === undefined) return true;
  return typeof check === "function" ? check(text) : check.test(text);
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d:\d\d)$/i.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (total, digit, i) => total + (10 - i) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3),
    0,
  );
  return sum % 10 === 0;
}

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

type Building = Record<string, JsonValue | undefined>;

/**
 * Puts the texts of a query or a path into the fields that they name (`id.value`). A name that the message does not have is passed
 * over, as gateways do: caches and proxies add their own. Throws API_INVALID_ARGUMENT for a text that the field cannot hold.
 */
export function setField(
  desc: DescMessage,
  request: Building,
  { name, texts }: { readonly name: string; readonly texts: readonly string[] },
): void {
  const [head = "", ...tail] = name.split(".");
  const field = desc.fields.find((one) => one.name === head);
  if (field === undefined) return;
  if (tail.length > 0) {
    if (field.fieldKind !== "message") return;
    const inner = request[head];
    const within: Building = isJsonObject(inner) ? { ...inner } : {};
    setField(field.message, within, { name: tail.join("."), texts });
    request[head] = within;
    return;
  }
  if (field.fieldKind === "list") request[head] = texts.map((text) => parseText(field, text, name));
  else if (field.fieldKind !== "map") request[head] = parseText(field, texts.at(-1) ?? "", name);
}

function parseText(field: DescField, text: string, name: string): JsonValue {
  const { scalar } = field;
  if (scalar === ScalarType.BOOL) {
    if (["true", "1"].includes(text)) return true;
    if (["false", "0"].includes(text)) return false;
    throw invalid(name, "true or false");
  }
  if (scalar === ScalarType.INT32 || scalar === ScalarType.INT64) {
    if (!/^-?\d{1,15}$/u.test(text)) throw invalid(name, "a whole number");
    return Number(text);
  }
  return text;
}

function invalid(name: string, wanted: string): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `${name}: must be ${wanted}; correct it in the address`);
}

/** The request that a query makes up. */
export function readQuery(desc: DescMessage, query: URLSearchParams): JsonObject {
  const request: Building = {};
  for (const name of new Set(query.keys())) setField(desc, request, { name, texts: query.getAll(name) });
  return request;
}

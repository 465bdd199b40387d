import { encodeBase64 } from "#core/redact/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { FieldPath } from "#core/sops/index.ts";
import type { RenderedObject } from "./tool.ts";

/** A shorter value stands everywhere by chance, and hiding it hides nothing. */
const minEqualLength = 4;
/** From here on a value is found inside other text, too. */
const minPartLength = 8;

/**
 * The fields of each object that hold a value that was decrypted, alone or inside a text, as it is or in base64: whatever
 * a tool made of it. Objects of kind Secret are hidden as a whole and have none.
 */
export function findSecretPaths(
  objects: readonly RenderedObject[],
  secrets: ReadonlySet<string>,
): readonly (readonly FieldPath[])[] {
  const forms = [...secrets].flatMap((secret) => [secret, secret.trim(), encodeBase64(secret)]);
  const search: Search = {
    equal: new Set(forms.filter((form) => form.length >= minEqualLength)),
    parts: [...new Set(forms.filter((form) => form.length >= minPartLength))],
  };
  return objects.map(({ object }) => {
    const found: FieldPath[] = [];
    if (object["kind"] !== "Secret") find(object, [], { search, found });
    return found;
  });
}

interface Search {
  readonly equal: ReadonlySet<string>;
  readonly parts: readonly string[];
}

function find(
  value: JsonValue | undefined,
  path: FieldPath,
  at: { readonly search: Search; readonly found: FieldPath[] },
): void {
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) find(item, [...path, index], at);
  } else if (isJsonObject(value)) {
    for (const [field, item] of Object.entries(value)) find(item, [...path, field], at);
  } else if (typeof value === "string" || typeof value === "number") {
    const text = String(value);
    const { equal, parts } = at.search;
    if (equal.has(text) || parts.some((part) => text.includes(part))) at.found.push(path);
  }
}

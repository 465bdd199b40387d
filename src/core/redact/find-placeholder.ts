import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

const placeholder = /^<secret [\da-f]{8,64}>$/u;
const placeholderInText = /(?:^|[\s"':])<secret [\da-f]{8,64}>(?=["']?\s*(?:$|[#,}\]]))/mu;

/** Where a value holds a text that was shown in place of something hidden, such as `data.password`; undefined when nowhere. */
export function findPlaceholder(value: JsonValue): string | undefined {
  return search(value)?.join(".");
}

/** Whether YAML or other text holds such a text as a value. */
export function hasPlaceholder(text: string): boolean {
  return placeholderInText.test(text);
}

function search(value: JsonValue): readonly string[] | undefined {
  if (typeof value === "string") return placeholder.test(value) ? [] : undefined;
  const entries = isJsonArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  for (const [step, inner] of entries) {
    const found = inner === undefined ? undefined : search(inner);
    if (found !== undefined) return [String(step), ...found];
  }
  return undefined;
}

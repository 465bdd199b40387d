import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";

/** No vowels and nothing that looks like one: no hash spells a word. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A short text that stands for a template; `collisions` gives another one when the first is taken. */
export function hashOf(template: JsonValue | undefined, collisions = 0): string {
  const text = canonicalJson(template) + (collisions === 0 ? "" : String(collisions));
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return String(hash >>> 0)
    .split("")
    .map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length])
    .join("");
}

import { Document, visit } from "yaml";
import type { JsonValue } from "#core/object/index.ts";

/** What some reader of YAML takes for a number, a time or something else than the text that it is. */
const misread = /^(?:[-+.]?\d|[-+]?\.(?:inf|nan)$|[=<~]|$)/iu;

/**
 * Objects as documents of YAML, which reads as the same in versions 1.1 and 1.2; keys sorted, so that equal objects are equal texts.
 */
export function formatManifests(objects: readonly JsonValue[]): string {
  return objects.map((object) => formatOne(object)).join("---\n");
}

function formatOne(object: JsonValue): string {
  const document = new Document(object, {
    version: "1.1",
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string" && misread.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

import { Document, visit } from "yaml";
import type { JsonObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import { substitutes, substituteText } from "#core/substitute/index.ts";
import type { Substitution } from "#ports/renderer.ts";
import { ManifestError } from "./manifest-error.ts";
import { parseYaml } from "./parse-yaml.ts";

interface SubstituteOptions {
  readonly origin: string;
  readonly substitution: Substitution;
  readonly maxDepth: number;
}

/**
 * The object with the variables in its YAML text replaced, as Flux does: what stands alone in a field may become a number, a
 * boolean or a map. Throws RENDER_INVALID when the text cannot be read before or afterwards.
 */
export function substituteObject(object: JsonObject, options: SubstituteOptions): JsonObject {
  const { origin, substitution, maxDepth } = options;
  const { variables, strict } = substitution;
  if (variables.size === 0 || !isKubeObject(object) || !substitutes(object)) return object;
  const text = writeYaml(object);
  if (!text.includes("$")) return object;
  const { name = object.metadata.generateName ?? "" } = object.metadata;
  const subject = `${object.kind}/${name} (${origin})`;
  const replaced = substituteText(text, { variables, strict, subject });
  const [document, ...others] = [...parseYaml(`${subject} with its variables replaced`, replaced, maxDepth)];
  if (others.length === 0 && isKubeObject(document?.value)) return document.value;
  throw new ManifestError(
    { file: origin, line: 1 },
    "is no Kubernetes object any more with its variables replaced; correct a variable's value, or put quotes around its place",
  );
}

/** Texts that hold a dollar sign are written plainly where they can be, so that their values decide on the type; all others in quotes. */
function writeYaml(object: JsonObject): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== "string") return;
      const isPlain = node.value.includes("$") && !node.value.includes("\n");
      if (isPlain) node.type = "PLAIN";
      else if (!node.value.includes("$")) node.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

import { FieldSet } from "#core/merge/index.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import type { PathElement } from "#core/merge/path.ts";
import { fieldElement, itemElement } from "#core/merge/path.ts";
import { childSchema, itemSchema, shapeOf } from "#core/merge/shape.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { ValuePath } from "./value-path.ts";
import { childOf } from "./value-path.ts";

/**
 * The fields at paths of a value, items of lists with keys named by these: so named, a field is the same in two objects whose lists
 * are ordered differently. Inside of what is one field as a whole, items are named by their index.
 */
export function fieldsAt(schema: FieldSchema, value: JsonValue, paths: readonly ValuePath[]): FieldSet {
  const found = paths.map((path) => fieldPathOf(schema, value, path)).filter((path) => path !== undefined);
  return FieldSet.of(...found);
}

function fieldPathOf(
  schema: FieldSchema,
  value: JsonValue,
  path: ValuePath,
): readonly PathElement[] | undefined {
  const elements: PathElement[] = [];
  let [at, current, isInside]: [FieldSchema, JsonValue | undefined, boolean] = [schema, value, false];
  for (const step of path) {
    isInside ||= current === undefined || shapeOf(at, current) === "leaf";
    const below = childOf(current, step);
    if (below === undefined) return undefined;
    const element = elementOf(at, below, isInside ? { index: step } : { step });
    if (element === undefined) return undefined;
    elements.push(element);
    at = typeof step === "string" ? childSchema(at, step) : itemSchema(at);
    current = below;
  }
  return elements;
}

function elementOf(
  list: FieldSchema,
  value: JsonValue,
  at: { readonly step: string | number } | { readonly index: string | number },
): PathElement | undefined {
  const step = "step" in at ? at.step : at.index;
  if (typeof step === "string") return fieldElement(step);
  return "step" in at ? itemElement(list, value) : `i:${step}`;
}

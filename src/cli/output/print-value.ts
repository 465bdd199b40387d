import { printYaml } from "#core/diff/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import type { Output } from "../ports.ts";

/** Prints a value for programs. */
export function printValue(output: Output, format: "json" | "yaml", value: JsonValue): void {
  output.write(format === "json" ? `${JSON.stringify(value, null, 2)}\n` : printYaml(value));
}

/** Prints YAML documents, separated as kubectl expects them. */
export function printDocuments(output: Output, values: readonly JsonValue[]): void {
  output.write(values.map((value) => printYaml(value)).join("---\n"));
}

/** Who wrote which field is noise to whoever reads an object. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

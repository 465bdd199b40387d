import { printYaml } from "#core/diff/index.ts";
import type { Operation } from "#core/app/index.ts";
import { withoutManifests } from "#core/app/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { Output } from "../ports.ts";
import { exactOf } from "./shielded.ts";

/** A JSON text that does nothing on a terminal, either: JSON itself escapes only a part of the control characters. */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007F-\u009F]/gu,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** Prints a value for programs. */
export function printValue(output: Output, format: "json" | "yaml", value: JsonValue): void {
  exactOf(output).write(format === "json" ? `${formatJson(value, 2)}\n` : printYaml(value));
}

/** Prints YAML documents, separated as kubectl expects them. */
export function printDocuments(output: Output, values: readonly JsonValue[]): void {
  exactOf(output).write(values.map((value) => printYaml(value)).join("---\n"));
}

/** Who wrote which field is noise to whoever reads an object. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** An Application as it is printed: what a client has sent for a sync that runs may hold values of Secrets. */
export function shownApplication(object: KubeObject): KubeObject {
  const shown = withoutManagedFields(object);
  const { operation, status } = shown;
  const state = isJsonObject(status) ? status["operationState"] : undefined;
  return {
    ...shown,
    ...(operation === undefined ? {} : { operation: hideManifests(operation) }),
    ...(isJsonObject(status) && isJsonObject(state)
      ? { status: { ...status, operationState: { ...state, operation: hideManifests(state["operation"]) } } }
      : {}),
  };
}

function hideManifests(operation: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(operation) ? withoutManifests(operation as Operation, "not shown") : operation;
}

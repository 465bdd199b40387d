import { type JsonValue, viewArray, viewNumber, viewPath, viewString } from "#core/object/index.ts";

/** A whole number, 0 where there is none. */
export function countAt(value: JsonValue | undefined, ...path: readonly string[]): number {
  return viewNumber(value, ...path) ?? 0;
}

export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
  return viewString(value, ...path) ?? "";
}

/** A text, or what stands for none. */
export function textOr(none: string, value: JsonValue | undefined, ...path: readonly string[]): string {
  const found = textAt(value, ...path);
  return found === "" ? none : found;
}

/** A text or number as it is written, such as a quantity or an IntOrString. */
export function valueOr(none: string, value: JsonValue | undefined, ...path: readonly string[]): string {
  const found = viewPath(value, ...path);
  return typeof found === "string" || typeof found === "number" ? String(found) : none;
}

/** The status of a condition; undefined where it is not there. */
export function conditionStatus(object: JsonValue | undefined, type: string): string | undefined {
  const found = viewArray(object, "status", "conditions").find(
    (condition) => viewString(condition, "type") === type,
  );
  return found === undefined ? undefined : (viewString(found, "status") ?? "");
}

/** Names and images of a pod template's containers. */
export function containerCells(podSpec: JsonValue | undefined): readonly [string, string] {
  const containers = viewArray(podSpec, "containers");
  const join = (field: string): string => containers.map((container) => textAt(container, field)).join(",");
  return [join("name"), join("image")];
}

/** The first few, and how many more there are. */
export function abbreviate(texts: readonly string[], max: number, separator = ","): string {
  const shown = texts.slice(0, max).join(separator);
  return texts.length > max ? `${shown} + ${texts.length - max} more...` : shown;
}

import type { Fields } from "../fields.ts";

/** The generation of the spec that a status is about, when it says so. */
function observedGeneration(holder: Fields, ...path: readonly string[]): number | undefined {
  const text = holder.text(...path, "observedGeneration");
  // Some write a hash here, and some -1 or 0 before they have looked at all.
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/** The generation of the object's spec: 0 when it has none. */
export function generationOf(object: Fields): number {
  return object.count("metadata", "generation");
}

/** True when the status says that it is about an earlier generation of the spec. */
export function isBehind(object: Fields): boolean {
  const observed = observedGeneration(object, "status");
  return observed !== undefined && observed < generationOf(object);
}

/** The conditions in a list that are about the present generation, or do not say which one they are about. */
export function currentConditions(conditions: readonly Fields[], generation: number): readonly Fields[] {
  return conditions.filter((condition) => (observedGeneration(condition) ?? generation) >= generation);
}

/** What a condition says for people: its message, else its reason. */
export function wordsOf(condition: Fields): string {
  return condition.words("message") || condition.words("reason");
}

/** Some operators write true where a condition says "True". */
export function hasStatus(condition: Fields, status: string): boolean {
  return condition.text("status").toLowerCase() === status.toLowerCase();
}

/** The condition of this type. */
export function conditionOf(conditions: readonly Fields[], type: string): Fields | undefined {
  return conditions.find((condition) => condition.text("type") === type);
}

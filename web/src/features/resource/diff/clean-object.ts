import type { JsonObject } from "../manifest/json.ts";
import { isJsonObject } from "../manifest/json.ts";

/** What the API server writes by itself, and Git never says. */
const kept = new Set([
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/** An object without what no comparison is about; its status stays only where Git names one. */
export function cleanObject(
  object: JsonObject | undefined,
  desired: JsonObject | undefined,
): JsonObject | undefined {
  if (object === undefined) return undefined;
  const { status, metadata, ...rest } = object;
  return {
    ...rest,
    ...(isJsonObject(metadata)
      ? { metadata: Object.fromEntries(Object.entries(metadata).filter(([field]) => !kept.has(field))) }
      : {}),
    ...(status !== undefined && desired?.["status"] !== undefined ? { status } : {}),
  };
}

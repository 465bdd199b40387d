import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { Health } from "./health.ts";
import { health, healthStatuses, isHealthStatus } from "./health.ts";

/** A message is written to the Application's status: what a script puts together may be as long as its object. */
const maxMessageLength = 4096;

/**
 * Reads what a health script returned, of which the last value counts: a table with `status` and `message`. Nil and an empty table
 * mean that the object has no health. Anything else is Unknown, with a message that begins with the script's name.
 */
export function readScriptedHealth(values: readonly JsonValue[], name: string): Health | undefined {
  const result = values.at(-1) ?? null;
  if (result === null || (isJsonArray(result) && result.length === 0)) return undefined;
  if (!isJsonObject(result)) {
    return unknown(name, `it returns ${nameType(result)}; return a table with status and message`);
  }
  const message = fieldOf(result, "message") ?? "";
  const status = fieldOf(result, "status") ?? "";
  if (typeof message !== "string") {
    return unknown(name, `its message is ${nameType(message)}; return a text`);
  }
  if (typeof status !== "string" || !isHealthStatus(status)) {
    const given = typeof status === "string" ? JSON.stringify(status.slice(0, 64)) : nameType(status);
    return unknown(name, `its status is ${given}; return one of ${healthStatuses.join(", ")}`);
  }
  return health(status, message.slice(0, maxMessageLength));
}

function unknown(name: string, problem: string): Health {
  return health("Unknown", `health script ${name}: ${problem}`);
}

/** As Go reads JSON: the field of that name, else one that differs from it in case only. */
function fieldOf(object: JsonObject, name: string): JsonValue | undefined {
  return object[name] ?? Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

function nameType(value: JsonValue): string {
  if (isJsonArray(value)) return "a list";
  return typeof value === "object" ? "a table" : `a ${typeof value}`;
}

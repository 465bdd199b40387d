import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** An object that a server sends as a text; undefined for none. Throws API_FAILED for a text that is no object. */
export function parseAnswer(text: string, address: string): KubeObject | undefined {
  if (text === "" || text === "null") return undefined;
  try {
    const object = JSON.parse(text) as JsonValue;
    if (isJsonObject(object)) return object as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new MooringError("API_FAILED", `server ${address}: sent an object that is none; see its log`);
}

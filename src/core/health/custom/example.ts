import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Health, HealthStatus } from "../health.ts";

/** An example of an object for tests: `group/version Kind`, what it holds, and what its health is to be. */
export type Example = readonly [
  type: string,
  holds: JsonObject,
  expected: HealthStatus | "none",
  message?: string,
];

/** The object of an example. */
export function objectOf(type: string, holds: JsonObject): KubeObject {
  const [apiVersion = "", kind = ""] = type.split(" ");
  return { ...holds, apiVersion, kind, metadata: { name: "example", generation: 2, ...metadataOf(holds) } };
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return typeof metadata === "object" && metadata !== null ? (metadata as JsonObject) : {};
}

/** The health that an example expects. */
export function healthOf([, , expected, message]: Example): Health | undefined {
  if (expected === "none") return undefined;
  return message === undefined ? { status: expected } : { status: expected, message };
}

/** A condition; the message is left out when there is none. */
export function condition(type: string, status: string, ...[reason, message]: readonly string[]): JsonObject {
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** A status that holds these conditions alone. */
export function conditions(...all: readonly JsonObject[]): JsonObject {
  return { status: { conditions: all } };
}

/** A status of these fields alone. */
export function status(fields: JsonObject): JsonObject {
  return { status: fields };
}

/** Examples with what a test's title needs of them in front. */
export function titled(examples: readonly Example[]): [type: string, expected: string, example: Example][] {
  return examples.map((example) => [example[0], example[2], example]);
}

import { parseValue } from "#core/crd/parse.ts";
import type { Infer } from "#core/crd/schema.ts";
import { boolean, object, string } from "#core/crd/schema.ts";
import type { ParseYaml } from "./read-yaml.ts";
import { readYaml, wrong } from "./read-yaml.ts";

/**
 * `resource.compareoptions`. The rules of an aggregated ClusterRole and the status of an object are never compared, because neither is
 * ever applied: what is said about them is read and changes nothing.
 */
const compareOptionsSchema = object({
  ignoreAggregatedRoles: boolean(),
  ignoreResourceStatusField: string(undefined, { pattern: "^(?:crd|all|none|off)$" }),
  ignoreDifferencesOnResourceUpdates: boolean(),
});

/** Throws CONFIG_INVALID. */
export function parseCompareOptions(text: string, parseYaml: ParseYaml): Infer<typeof compareOptionsSchema> {
  const value = readYaml(text, parseYaml);
  const result = parseValue(compareOptionsSchema, value);
  if (!result.ok) throw wrong(result.problems.map(({ message }) => message).join("; "));
  const unknown = Object.keys(result.value).filter(
    (name) => !Object.hasOwn(compareOptionsSchema.fields, name),
  );
  if (unknown.length === 0) return result.value;
  throw wrong(
    `${unknown.join(", ")} is no option; write ${Object.keys(compareOptionsSchema.fields).join(", ")}`,
  );
}

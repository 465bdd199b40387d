import { compareValues } from "./comparison.ts";
import { KeylessItem } from "./keyed-items.ts";
import { FieldSet } from "./field-set.ts";
import { fieldsOf } from "./owned-fields.ts";
import { deduced } from "./schema.ts";
import type { WriteContext } from "./write-context.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { canonicalJson, isKubeObject } from "#core/object/index.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/**
 * The fields that `kubectl apply` set and nobody changed since: `kubectl apply --server-side` may take them over from
 * whoever owns them.
 */
export function fieldsLastApplied(live: KubeObject, context: WriteContext): FieldSet {
  const applied = parseLastApplied(live);
  if (applied?.apiVersion !== context.apiVersion) return new FieldSet();
  const schema = context.schema ?? deduced;
  try {
    const { added, removed, modified } = compareValues(schema, applied, live);
    return [added, removed, modified].reduce((rest, set) => rest.difference(set), fieldsOf(applied, schema));
  } catch (error) {
    if (error instanceof KeylessItem) return new FieldSet();
    throw error;
  }
}

function parseLastApplied({ metadata }: KubeObject): KubeObject | undefined {
  const text = metadata.annotations?.[LAST_APPLIED] ?? "";
  if (text === "") return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isKubeObject(parsed as JsonObject) ? (parsed as KubeObject) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What `kubectl apply` would remember, kept up to date while kubectl applies on the server; left out where it is not there. */
export function withLastApplied(object: KubeObject, applied: KubeObject): KubeObject {
  const { annotations = {} } = object.metadata;
  if ((annotations[LAST_APPLIED] ?? "") === "") return object;
  const { [LAST_APPLIED]: _old, ...others } = annotations;
  const updated = { ...others, [LAST_APPLIED]: lastAppliedText(applied) };
  const size = Object.entries(updated).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return {
    ...object,
    metadata: { ...object.metadata, annotations: size > MAX_ANNOTATIONS_BYTES ? others : updated },
  };
}

/** The JSON that Go's encoder writes: fields sorted, characters that matter in HTML escaped, a line break at the end. */
function lastAppliedText(applied: KubeObject): string {
  const { annotations, ...metadata } = applied.metadata;
  const { [LAST_APPLIED]: _old, ...others } = annotations ?? {};
  const bare = {
    ...applied,
    metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations: others }) },
  };
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${canonicalJson(bare as JsonObject).replaceAll(/[<>&\u2028\u2029]/g, escape)}\n`;
}

import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import { pruneUnknown } from "../custom/prune.ts";
import { structuralOf } from "../custom/structural.ts";
import type { Decoded } from "../rules.ts";
import type { GoTypes } from "../types/go-types.ts";
import { DecodeError, refusedBody, root, cannotUnmarshal, jsonKind } from "./decode-error.ts";
import { decodeStruct } from "./decode-struct.ts";

export const metaComponent = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Reads a request's body as an object of the kind. Throws ApiError BadRequest where a value cannot be read. */
export function decodeBody(types: GoTypes, kind: ServedKind, body: JsonObject): Decoded {
  try {
    const component = types.componentOf(kind.group, kind.version, kind.kind);
    if (kind.isCustom || component === undefined) return decodeCustom(types, kind, body);
    const unknown: string[] = [];
    const object = decodeStruct({ types, unknown }, component, { ...root, value: body });
    types.seen.decoded.note(types, component, { before: body, after: object });
    return { object, unknown };
  } catch (error) {
    throw error instanceof DecodeError ? refusedBody(kind, error) : error;
  }
}

/** Only metadata has a Go type; for the rest the schema says what is known, and validation says what is wrong. */
function decodeCustom(types: GoTypes, kind: ServedKind, body: JsonObject): Decoded {
  const unknown: string[] = [];
  const metadata = decodeMetadata({ types, unknown }, body["metadata"]);
  const { value, removed } =
    kind.openAPI === undefined
      ? { value: body, removed: [] }
      : pruneUnknown(structuralOf(kind.openAPI), body);
  const object = metadata === undefined ? value : { ...value, metadata };
  return { object, unknown: [...unknown, ...removed.map((path) => `unknown field "${path}"`)] };
}

function decodeMetadata(
  context: { readonly types: GoTypes; readonly unknown: string[] },
  metadata: JsonValue | undefined,
): JsonObject | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  // Go reads the metadata by itself, so its messages do not know of the object around it.
  const place = { ...root, path: "metadata" };
  if (!isJsonObject(metadata)) throw cannotUnmarshal(jsonKind(metadata), place, "v1.ObjectMeta");
  return decodeStruct(context, metaComponent, { ...place, value: metadata });
}

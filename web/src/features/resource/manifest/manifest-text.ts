import { parseDocument, stringify } from "yaml";
import type { Json, JsonObject } from "./json.ts";
import { isJsonObject, textAt } from "./json.ts";

/** An object as YAML; who owns which field is left out unless it is wanted. */
export function manifestText(object: JsonObject, showsOwners: boolean): string {
  const { metadata } = object;
  const shown =
    showsOwners || !isJsonObject(metadata)
      ? object
      : {
          ...object,
          metadata: Object.fromEntries(
            Object.entries(metadata).filter(([field]) => field !== "managedFields"),
          ),
        };
  return stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** What somebody wrote, or what is wrong with it. */
export type Written = { readonly object: JsonObject } | { readonly problem: string };

const maxText = 3_000_000;

/** Reads an edited manifest of an object, which must go on to be of the same. */
export function readManifest(text: string, original: JsonObject): Written {
  if (text.length > maxText) return { problem: "It is larger than Kubernetes takes (3 MB)." };
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) return { problem: (error.message.split("\n")[0] ?? "").replace(/:$/u, ".") };
  const object = document.toJS({ maxAliasCount: 100 }) as Json;
  if (!isJsonObject(object))
    return { problem: "A manifest is an object with apiVersion, kind and metadata." };
  for (const path of [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "namespace"]]) {
    if (textAt(object, ...path) !== textAt(original, ...path))
      return { problem: `${path.join(".")} cannot be changed: it says which object it is.` };
  }
  return { object };
}

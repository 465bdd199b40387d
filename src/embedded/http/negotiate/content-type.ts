import type { PatchKind } from "../../verbs/api.ts";
import { unsupportedMediaType } from "../errors.ts";

const patchKinds: ReadonlyMap<string, PatchKind> = new Map([
  ["application/json-patch+json", "json"],
  ["application/merge-patch+json", "merge"],
  ["application/strategic-merge-patch+json", "strategic"],
  ["application/apply-patch+yaml", "apply"],
]);

/** Throws UnsupportedMediaType; custom resources have no strategic merge patch. */
export function patchKindOf(header: string | undefined, isCustom: boolean): PatchKind {
  const kind = patchKinds.get(mediaTypeOf(header));
  const known = [...patchKinds].filter(([, other]) => !isCustom || other !== "strategic");
  if (kind === undefined || !known.some(([, other]) => other === kind)) {
    throw unsupportedMediaType(known.map(([type]) => type));
  }
  return kind;
}

const protobuf = "application/vnd.kubernetes.protobuf";

export type BodyFormat = "json" | "yaml" | "protobuf";

/** Throws UnsupportedMediaType for CBOR and what nobody knows, and for protobuf of custom resources, which have none. */
export function bodyFormatOf(header: string | undefined, isCustom: boolean): BodyFormat {
  const type = mediaTypeOf(header);
  if (type === "" || type === "application/json") return "json";
  if (type === "application/yaml") return "yaml";
  if (type === protobuf && !isCustom) return "protobuf";
  throw unsupportedMediaType(["application/json", "application/yaml", ...(isCustom ? [] : [protobuf])]);
}

function mediaTypeOf(header: string | undefined): string {
  return (header ?? "").replace(/;.*/s, "").trim().toLowerCase();
}

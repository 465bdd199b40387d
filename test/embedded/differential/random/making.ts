import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { applyMergePatch } from "#core/object/index.ts";
import type { Step } from "../run-script.ts";
import type { ScriptRequest } from "../server.ts";
import type { Draw } from "./draw.ts";
import type { RandomKind } from "./kinds/random-kind.ts";
import { metadataOf } from "./metadata.ts";
import { jsonPatchOf, strategicPatchOf } from "./patches.ts";
import { change, type Portion } from "./shapes.ts";

/** What one step of a script is made of. */
export interface Making {
  readonly kind: RandomKind;
  readonly draw: Draw;
}

/** One request, or one that reads and one that needs what was read. */
export type Action = (making: Making) => readonly Step[];

export const contentTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** One of the two objects that a script is about, seldom another. */
export function nameIn(draw: Draw): string {
  return draw.chance(0.02)
    ? draw.pick(["Bad_Name", "three"])
    : draw.pick(["one", "one", "one", "one", "two"]);
}

/** Query parameters of a write. */
export function queryOf(draw: Draw, more: readonly string[] = []): string {
  const parameters = [
    `fieldManager=${draw.pick(["ann", "bob", "cat"])}`,
    ...(draw.chance(0.08) ? ["dryRun=All"] : []),
    ...(draw.chance(0.25) ? [`fieldValidation=${draw.pick(["Strict", "Warn", "Ignore"])}`] : []),
    ...more,
  ];
  return `?${parameters.join("&")}`;
}

/** An object of the kind, or a part of one, with its type and name. */
export function objectOf({ kind, draw }: Making, name: string, portion: Portion): JsonObject {
  const content = kind.content(draw, portion) as JsonObject;
  const early = kind.status !== undefined && draw.chance(0.05) ? { status: kind.status(draw, portion) } : {};
  return { ...kind.head, metadata: { name, ...metadataOf(draw, portion) }, ...content, ...early };
}

/** A part of an object without its type and name. */
export function changesOf({ kind, draw }: Making): JsonObject {
  const metadata = draw.chance(0.3) ? { metadata: metadataOf(draw, change) } : {};
  const content = draw.chance(0.85) ? (kind.content(draw, change) as JsonObject) : {};
  return { ...metadata, ...content };
}

/** What was read, with changes. */
export function edited(body: unknown, changes: JsonObject): JsonValue {
  return applyMergePatch(body as JsonObject, changes);
}

/** What is answered where there is no object. */
export function isStatus(body: unknown): boolean {
  return (body as JsonObject)["kind"] === "Status";
}

const patchTypes = ["merge", "strategic", "strategic", "json"] as const;

/** A patch of any type but apply. */
export function patchRequest({ kind, draw }: Making, path: string, changes: JsonObject): ScriptRequest {
  const types = kind.isCustom === true ? (["merge", "json"] as const) : patchTypes;
  const type = draw.chance(0.02) ? "strategic" : draw.pick(types);
  const bodies = {
    merge: () => changes,
    json: () => jsonPatchOf(changes, draw, kind.isCustom !== true),
    strategic: () => strategicPatchOf(changes, draw),
  };
  return { method: "PATCH", path, body: bodies[type](), contentType: contentTypes[type] };
}

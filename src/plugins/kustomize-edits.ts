import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

/**
 * The `kustomize edit` commands that write the overrides of `source.kustomize` into a kustomization, in the order in which Argo CD runs
 * them. Patches have no command, and components are told apart by what is there: see `run-kustomize.ts`.
 */
export function editCommands(edits: JsonObject): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  const set = (field: string, name: string): void => {
    const value = viewString(edits, field) ?? "";
    if (value !== "") commands.push(["edit", "set", name, "--", value]);
  };
  set("namePrefix", "nameprefix");
  set("nameSuffix", "namesuffix");
  const images = texts(edits, "images");
  if (images.length > 0) commands.push(["edit", "set", "image", "--", ...images]);
  const replicas = viewArray(edits, "replicas").filter(isJsonObject);
  if (replicas.length > 0) {
    const counts = replicas.map((replica) => `${textOf(replica["name"])}=${textOf(replica["count"])}`);
    commands.push(["edit", "set", "replicas", "--", ...counts]);
  }
  addPairs(commands, edits, {
    field: "commonLabels",
    name: "label",
    flags: [
      [edits["forceCommonLabels"], "--force"],
      [edits["labelWithoutSelector"], "--without-selector"],
      [edits["labelIncludeTemplates"], "--include-templates"],
    ],
  });
  addPairs(commands, edits, {
    field: "commonAnnotations",
    name: "annotation",
    flags: [[edits["forceCommonAnnotations"], "--force"]],
  });
  set("namespace", "namespace");
  return commands;
}

/** The texts of a list. */
export function texts(object: JsonObject, field: string): readonly string[] {
  return viewArray(object, field).filter((one) => typeof one === "string");
}

interface Pairs {
  readonly field: string;
  readonly name: string;
  readonly flags: readonly (readonly [unknown, string])[];
}

function addPairs(commands: (readonly string[])[], edits: JsonObject, { field, name, flags }: Pairs): void {
  const pairs = Object.entries(viewObject(edits, field)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return;
  const set = flags.flatMap(([value, flag]) => (value === true ? [flag] : []));
  commands.push([
    "edit",
    "add",
    name,
    ...set,
    "--",
    ...pairs.map(([key, value]) => `${key}:${textOf(value)}`),
  ]);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

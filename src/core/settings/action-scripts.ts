import { parseValue } from "#core/crd/parse.ts";
import { array, boolean, object, required, string } from "#core/crd/schema.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { kindOfKey } from "./kind-of-key.ts";

/** The actions that a user wrote for one kind. */
export interface ActionScripts {
  /** Where they stand in `argocd-cm`; messages name it. */
  readonly name: string;
  /** Says which of them an object has now; empty when there is none. */
  readonly discovery: string;
  readonly definitions: readonly { readonly name: string; readonly text: string }[];
  /** The built-in actions of the kind are there, too. */
  readonly mergesBuiltIn: boolean;
}

export interface ActionScriptsReader {
  readonly keys: readonly string[];
  /** YAML as a value; undefined when the key is missing, empty or no YAML, which is reported. */
  readonly readYaml: (key: string) => JsonValue | undefined;
  /** The same for a text that is part of a key's value. */
  readonly parseText: (name: string, text: string) => JsonValue | undefined;
  /** What `resource.customizations` holds. */
  readonly block: JsonValue | undefined;
  readonly report: (message: string) => void;
}

const blockKey = "resource.customizations";
const prefix = `${blockKey}.actions.`;

const schema = object({
  "discovery.lua": string(),
  definitions: array(object({ name: required(string()), "action.lua": required(string()) })),
  mergeBuiltinActions: boolean(),
});

/** Reads `resource.customizations.actions.<group>_<Kind>`, and `actions` of the old block, by `group/Kind`. What cannot be read is reported. */
export function readActionScripts(reader: ActionScriptsReader): Readonly<Record<string, ActionScripts>> {
  const found = new Map<string, ActionScripts>();
  for (const { name, kind, value } of [...inBlock(reader), ...inKeys(reader)]) {
    const parsed = parseValue(schema, value);
    if (!parsed.ok) {
      reader.report(`${name} is ignored: ${parsed.problems.map(({ message }) => message).join("; ")}`);
      continue;
    }
    found.set(kind, {
      name,
      discovery: parsed.value["discovery.lua"] ?? "",
      definitions: (parsed.value.definitions ?? []).map((one) => ({
        name: one.name,
        text: one["action.lua"],
      })),
      mergesBuiltIn: parsed.value.mergeBuiltinActions ?? false,
    });
  }
  return Object.fromEntries(found);
}

interface Written {
  readonly name: string;
  readonly kind: string;
  readonly value: JsonValue;
}

function inKeys({ keys, readYaml, report }: ActionScriptsReader): readonly Written[] {
  return keys
    .filter((key) => key.startsWith(prefix))
    .toSorted()
    .flatMap((key) => {
      const kind = kindOfKey(key.slice(prefix.length));
      if (kind === undefined) report(`${key} is ignored: name the kind as <group>_<Kind>, or <Kind>`);
      const value = kind === undefined ? undefined : readYaml(key);
      return kind === undefined || value === undefined ? [] : [{ name: key, kind, value }];
    });
}

function inBlock({ block, parseText, report }: ActionScriptsReader): readonly Written[] {
  if (!isJsonObject(block)) return [];
  return Object.entries(block).flatMap(([kind, customization]) => {
    const text = isJsonObject(customization) ? customization["actions"] : undefined;
    const name = `${blockKey}: ${kind}: actions`;
    if (text === undefined || text === null || text === "") return [];
    if (typeof text !== "string") {
      report(`${name} is ignored: it must be a text that holds YAML`);
      return [];
    }
    const value = parseText(name, text);
    return value === undefined ? [] : [{ name, kind, value }];
  });
}

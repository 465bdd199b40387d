import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { parseGlob } from "#core/project/glob.ts";
import type { HealthExpressions } from "./health-expressions.ts";
import { readHealthExpressions } from "./health-expressions.ts";
import { kindOfKey } from "./kind-of-key.ts";

/** A health check that a user wrote: a script, or expressions of our own key. */
export type HealthScript = LuaHealthScript | HealthExpressions;

export interface LuaHealthScript {
  readonly language: "lua";
  /** Where it stands in `argocd-cm`; messages name it. */
  readonly name: string;
  readonly text: string;
  /** More than the package, base, table and os libraries. */
  readonly opensLibraries: boolean;
}

/** Health checks by `group/Kind`, and by `Kind` for the core group. */
export interface HealthScripts {
  readonly exact: Readonly<Record<string, HealthScript>>;
  /** The most specific pattern first. */
  readonly wildcards: readonly { readonly pattern: string; readonly script: HealthScript }[];
}

export const noHealthScripts: HealthScripts = Object.freeze({ exact: {}, wildcards: [] });

/** The check for a kind: one that names it, else the most specific pattern that matches it. */
export function findHealthScript(
  { exact, wildcards }: HealthScripts,
  { group, kind }: { readonly group: string; readonly kind: string },
): HealthScript | undefined {
  const name = group === "" ? kind : `${group}/${kind}`;
  if (Object.hasOwn(exact, name)) return exact[name];
  return wildcards.find(({ pattern }) => parseGlob(pattern).matches(name))?.script;
}

export interface HealthScriptsReader {
  readonly keys: readonly string[];
  /** Undefined when the key is missing or empty. */
  readonly readText: (key: string) => string | undefined;
  /** Throws CONFIG_INVALID for a text that is no YAML. */
  readonly parseYaml: (text: string) => JsonValue;
  /** What `resource.customizations` holds; undefined when it is missing or no YAML. */
  readonly block: JsonValue | undefined;
  readonly report: (message: string) => void;
}

/** What is known of the script of one kind until all of it was read. */
interface Draft {
  readonly language: "lua";
  name: string;
  text: string;
  opensLibraries: boolean;
}

const blockKey = "resource.customizations";

/**
 * Reads `resource.customizations.health.<group>_<Kind>`, `resource.customizations.useOpenLibs.<group>_<Kind>`, the old block
 * `resource.customizations`, over which the keys win, and `mooring.health.<group>_<Kind>`, which wins over both. What cannot be read is
 * reported and left out, except of expressions: no other check must stand in for them.
 */
export function readHealthScripts(reader: HealthScriptsReader): HealthScripts {
  const drafts = new Map<string, Draft>();
  const draftOf = (kind: string): Draft => {
    const draft = drafts.get(kind) ?? { language: "lua", name: "", text: "", opensLibraries: false };
    drafts.set(kind, draft);
    return draft;
  };
  readBlock(reader, draftOf);
  for (const { key, kind, text } of keysOf("useOpenLibs", reader)) {
    const value = parseGoBoolean(text);
    if (value === undefined) reader.report(`${key} is ignored: it is neither true nor false`);
    else draftOf(kind).opensLibraries = value;
  }
  for (const { key, kind, text } of keysOf("health", reader)) {
    const draft = draftOf(kind);
    draft.name = key;
    draft.text = text;
  }
  const { exact, wildcards } = sorted(drafts);
  return { exact: { ...exact, ...readHealthExpressions(reader) }, wildcards };
}

function sorted(drafts: ReadonlyMap<string, Draft>): HealthScripts {
  const found = [...drafts].filter(([, { text }]) => text !== "");
  const isPattern = (kind: string) => /[*?[{\\]/u.test(kind);
  return {
    exact: Object.fromEntries(found.filter(([kind]) => !isPattern(kind))),
    wildcards: found
      .filter(([kind]) => isPattern(kind))
      .toSorted(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))
      .map(([pattern, script]) => ({ pattern, script })),
  };
}

function keysOf(type: string, { keys, readText, report }: HealthScriptsReader) {
  const prefix = `${blockKey}.${type}.`;
  return keys
    .filter((key) => key.startsWith(prefix))
    .toSorted()
    .flatMap((key) => {
      const kind = kindOfKey(key.slice(prefix.length));
      const text = readText(key);
      if (kind === undefined) report(`${key} is ignored: name the kind as <group>_<Kind>, or <Kind>`);
      return kind === undefined || text === undefined ? [] : [{ key, kind, text }];
    });
}

function readBlock({ block, report }: HealthScriptsReader, draftOf: (kind: string) => Draft): void {
  if (block === undefined || block === null) return;
  if (!isJsonObject(block)) {
    report(`${blockKey} is ignored: it must be an object of <group>/<Kind>`);
    return;
  }
  for (const [kind, customization] of Object.entries(block)) {
    if (isJsonObject(customization)) readCustomization(kind, customization, { report, draftOf });
    else report(`${blockKey}: ${kind} is ignored: it must be an object`);
  }
}

function readCustomization(
  kind: string,
  customization: JsonObject,
  { report, draftOf }: Pick<HealthScriptsReader, "report"> & { readonly draftOf: (kind: string) => Draft },
): void {
  const draft = draftOf(kind);
  for (const [field, value] of Object.entries(customization)) {
    const name = `${blockKey}: ${kind}: ${field}`;
    if (field === "health.lua" && typeof value === "string") {
      draft.name = name;
      draft.text = value.trim();
    } else if (field === "health.lua.useOpenLibs" && typeof value === "boolean") {
      draft.opensLibraries = value;
    } else if (field === "health.lua") report(`${name} is ignored: it must be a text`);
    else if (field === "health.lua.useOpenLibs") report(`${name} is ignored: it must be true or false`);
    else reportOther(name, field, report);
  }
}

/** What others read from the block. */
const otherFields = ["actions", "ignoreDifferences", "ignoreResourceUpdates", "knownTypeFields"];

function reportOther(name: string, field: string, report: (message: string) => void): void {
  if (!otherFields.includes(field)) report(`${name} is ignored: there is no such field`);
}

/** What Argo CD takes for a boolean in these keys. */
function parseGoBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/u.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/u.test(text) ? false : undefined;
}

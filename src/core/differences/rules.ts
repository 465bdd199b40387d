import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, ObjectKey, ObjectKeyParts } from "#core/object/index.ts";
import { canonicalJson, parseObjectKey } from "#core/object/index.ts";
import { parseGlob } from "#core/project/glob.ts";
import { parsePointer } from "./value-path.ts";

/** One rule as `spec.ignoreDifferences` has it. */
export interface IgnoreEntry {
  /** Globs. */
  readonly group?: string | undefined;
  readonly kind: string;
  /** Empty for every object. */
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly jsonPointers?: readonly string[] | undefined;
  readonly jqPathExpressions?: readonly string[] | undefined;
  readonly managedFieldsManagers?: readonly string[] | undefined;
}

/** One rule of `argocd-cm`, which has been checked. */
export interface SystemIgnoreEntry extends IgnoreEntry {
  /** How messages name it, such as `ConfigMap/argocd/argocd-cm: resource.customizations.ignoreDifferences.all`. */
  readonly origin: string;
}

export interface JqExpression {
  readonly text: string;
  /** How messages name it, such as `argocd/web: spec.ignoreDifferences[0].jqPathExpressions[1]`. */
  readonly where: string;
}

export interface IgnoreRule {
  readonly pointers: readonly (readonly string[])[];
  readonly expressions: readonly JqExpression[];
  readonly managers: readonly string[];
}

/** All rules that are in force for one application. */
export interface IgnoreRules {
  /** Says whether two sets of rules are the same; empty when there are none. */
  readonly id: string;
  /** The jq expressions of the application itself, whether or not there are objects for them. */
  readonly ownExpressions: readonly JqExpression[];
  rulesFor(key: ObjectKey): readonly IgnoreRule[];
}

export const noRules: IgnoreRules = Object.freeze({ id: "", ownExpressions: [], rulesFor: () => [] });

interface Compiled extends IgnoreRule {
  readonly matches: (object: ObjectKeyParts) => boolean;
}

/** The rules of an application, named as messages do, and those of `argocd-cm`. Throws APP_INVALID for a wrong pointer or glob. */
export function collectRules(
  subject: string,
  entries: readonly IgnoreEntry[],
  system: readonly SystemIgnoreEntry[],
): IgnoreRules {
  if (entries.length === 0 && system.length === 0) return noRules;
  const own = entries.map((entry, i) => compileOwn(entry, `${subject}: spec.ignoreDifferences[${i}]`));
  const rules = [...own, ...system.map((entry) => compile(entry, entry.origin))];
  return {
    id: canonicalJson([entries, system] as unknown as JsonValue),
    ownExpressions: own.flatMap(({ expressions }) => expressions),
    rulesFor: (key) => {
      const parts = parseObjectKey(key);
      return rules.filter((rule) => rule.matches(parts));
    },
  };
}

function compileOwn(entry: IgnoreEntry, where: string): Compiled {
  const [problem] = checkEntry(entry);
  if (problem !== undefined) throw new MooringError("APP_INVALID", `${where}.${problem}`);
  return compile(entry, where);
}

/** What is wrong with a rule, each with the field and what to write instead. Nobody knows here whether jq would understand it. */
export function checkEntry({ group = "", kind, jsonPointers = [] }: IgnoreEntry): readonly string[] {
  const globs = Object.entries({ group, kind }).flatMap(([field, pattern]) => {
    const { problem } = parseGlob(pattern);
    return problem === undefined ? [] : [`${field}: ${quote(pattern)} is no glob: ${problem}`];
  });
  const pointers = jsonPointers.flatMap((text, i) =>
    parsePointer(text) === undefined ? [`jsonPointers[${i}]: ${pointerProblem(text)}`] : [],
  );
  return [...globs, ...pointers];
}

function pointerProblem(text: string): string {
  if (text === "") return "it is empty and would ignore the whole object; name a field, as in /spec/replicas";
  if (!text.startsWith("/"))
    return `${quote(text)} is no JSON pointer; begin it with a slash, as in /spec/replicas`;
  return `${quote(text)} is no JSON pointer; write ~0 for a tilde and ~1 for a slash in a name`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function compile(entry: IgnoreEntry, where: string): Compiled {
  const { group = "", kind, name = "", namespace = "" } = entry;
  const [groups, kinds] = [parseGlob(group), parseGlob(kind)];
  return {
    matches: (object) =>
      groups.matches(object.group) &&
      kinds.matches(object.kind) &&
      (name === "" || name === object.name) &&
      (namespace === "" || namespace === object.namespace),
    pointers: (entry.jsonPointers ?? []).flatMap((text) => {
      const steps = parsePointer(text);
      return steps === undefined ? [] : [steps];
    }),
    expressions: (entry.jqPathExpressions ?? []).map((text, i) => ({
      text,
      where: `${where}.jqPathExpressions[${i}]`,
    })),
    managers: entry.managedFieldsManagers ?? [],
  };
}

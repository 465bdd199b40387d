import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** A field that is set and that Mooring does not act on yet. */
export interface UnsupportedField {
  readonly path: string;
  readonly reason: string;
  /** What is deployed without it could be wrong or forbidden, so nothing is deployed. */
  readonly blocking: boolean;
}

interface UnsupportedRule {
  /** Field names from the object's root; `[]` is every item of a list. */
  readonly path: string;
  readonly reason: string;
  readonly blocking?: true;
  /** Defaults to: anything but false, an empty text, and lists and objects with nothing in them. */
  readonly when?: (value: JsonValue) => boolean;
}

const operationRules: readonly UnsupportedRule[] = [
  { path: "sync.manifests", reason: "local manifests are not synced yet", blocking: true },
];

/** The one list of what is not there yet: the step that adds a feature deletes its line. */
export const unsupported = {
  application: [
    { path: "spec.sourceHydrator", reason: "sources are not hydrated yet", blocking: true },
    {
      path: "spec.ignoreDifferences",
      reason: "these differences are still shown as drift, and self-heal undoes them",
    },
    { path: "metadata.finalizers", reason: "hooks on deletion are not run yet", when: hasDeletionHook },
    ...operationRules.map((rule) => ({ ...rule, path: `operation.${rule.path}` })),
  ],
  operation: operationRules,
  project: [
    { path: "spec.syncWindows", reason: "sync windows are not heeded yet", blocking: true },
    { path: "spec.signatureKeys", reason: "signatures are not checked yet", blocking: true },
    { path: "spec.sourceIntegrity", reason: "signatures are not checked yet", blocking: true },
    {
      path: "spec.destinationServiceAccounts",
      reason: "syncs do not act as a service account yet: they have all rights of the cluster's credentials",
      blocking: true,
    },
    { path: "spec.orphanedResources", reason: "orphaned resources are not looked for yet" },
    {
      path: "spec.sourceNamespaces",
      reason: "regular expressions between slashes match nothing; write globs",
      when: hasExpression,
    },
  ],
} as const satisfies Readonly<Record<string, readonly UnsupportedRule[]>>;

/** The fields of an object that are set and listed above, in the order of the list. */
export function listUnsupported(
  object: JsonObject,
  of: keyof typeof unsupported,
): readonly UnsupportedField[] {
  return unsupported[of].flatMap((rule: UnsupportedRule) =>
    valuesAt(object, rule.path.split("."))
      .filter(({ value }) => (rule.when ?? isSet)(value))
      .map(({ path }) => ({ path, reason: rule.reason, blocking: rule.blocking ?? false })),
  );
}

interface Located {
  readonly path: string;
  readonly value: JsonValue;
}

function valuesAt(root: JsonObject, steps: readonly string[]): readonly Located[] {
  let found: readonly Located[] = [{ path: "", value: root }];
  for (const step of steps) found = found.flatMap((at) => (step === "[]" ? itemsOf(at) : fieldOf(at, step)));
  return found;
}

function itemsOf({ path, value }: Located): readonly Located[] {
  return isJsonArray(value) ? value.map((item, i) => ({ path: `${path}[${i}]`, value: item })) : [];
}

function fieldOf({ path, value }: Located, field: string): readonly Located[] {
  const found = isJsonObject(value) ? (value[field] ?? null) : null;
  return found === null ? [] : [{ path: path === "" ? field : `${path}.${field}`, value: found }];
}

/** True unless there is nothing in it: objects as Argo CD stores them are full of fields that are there but empty. */
export function isSet(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.values(value).some((field) => field !== undefined && isSet(field));
  return value !== null && value !== false && value !== "";
}

function hasExpression(value: JsonValue): boolean {
  return isJsonArray(value) && value.some((entry) => typeof entry === "string" && isExpression(entry));
}

/** `/…/`, which Argo CD takes for a regular expression in `sourceNamespaces`. */
export function isExpression(entry: string): boolean {
  return entry.length > 2 && entry.startsWith("/") && entry.endsWith("/");
}

function hasDeletionHook(value: JsonValue): boolean {
  const hooks = /^(?:pre|post)-delete-finalizer\.argocd\.argoproj\.io(?:\/|$)/u;
  return (
    isJsonArray(value) && value.some((finalizer) => typeof finalizer === "string" && hooks.test(finalizer))
  );
}

import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "./annotations.ts";
import { readAnnotationList } from "./read-annotation.ts";

export type HookType = "PreSync" | "Sync" | "PostSync" | "SyncFail" | "Skip" | "PreDelete" | "PostDelete";

/** When a hook's object is deleted. */
export type HookDeletePolicy = "HookSucceeded" | "HookFailed" | "BeforeHookCreation";

export interface Hooks {
  /** True when the object is a hook and not a managed resource, even if no phase is known that would run it. */
  readonly isHook: boolean;
  readonly types: readonly HookType[];
  /** Hook names that no phase runs, as written. */
  readonly unknown: readonly string[];
  /** Empty when the object is not a hook; BeforeHookCreation when it names no known policy. */
  readonly deletePolicies: readonly HookDeletePolicy[];
  readonly unknownDeletePolicies: readonly string[];
}

const argoTypes = namesOf<HookType>([
  "PreSync",
  "Sync",
  "PostSync",
  "SyncFail",
  "Skip",
  "PreDelete",
  "PostDelete",
]);

/** Helm's test hooks never run in a sync. Rollback hooks are left out: a rollback is a sync like any other here. */
const helmTypes: ReadonlyMap<string, HookType> = new Map([
  ["pre-install", "PreSync"],
  ["pre-upgrade", "PreSync"],
  ["post-install", "PostSync"],
  ["post-upgrade", "PostSync"],
  ["pre-delete", "PreDelete"],
  ["post-delete", "PostDelete"],
  ["test", "Skip"],
  ["test-success", "Skip"],
  ["test-failure", "Skip"],
]);

const argoPolicies = namesOf<HookDeletePolicy>(["HookSucceeded", "HookFailed", "BeforeHookCreation"]);

const helmPolicies: ReadonlyMap<string, HookDeletePolicy> = new Map([
  ["hook-succeeded", "HookSucceeded"],
  ["hook-failed", "HookFailed"],
  ["before-hook-creation", "BeforeHookCreation"],
]);

const notAHook: Hooks = {
  isHook: false,
  types: [],
  unknown: [],
  deletePolicies: [],
  unknownDeletePolicies: [],
};

/**
 * How an object is run as a hook. Argo CD's annotations win over Helm's. An object whose only hook names are unknown is
 * still a hook: it is never applied as a resource.
 */
export function viewHooks(object: KubeObject): Hooks {
  const argo = readAnnotationList(object, annotationKey.hook);
  // Helm 2 marked CRDs as hooks; they are ordinary resources.
  const helm = readAnnotationList(object, annotationKey.helmHook).filter((name) => name !== "crd-install");
  if (argo.length === 0 && helm.length === 0) return notAHook;
  const hooks = argo.length > 0 ? translate(argo, argoTypes) : translate(helm, helmTypes);
  const policies = viewDeletePolicies(object);
  return {
    isHook: true,
    types: hooks.known,
    unknown: hooks.unknown,
    deletePolicies: policies.known.length > 0 ? policies.known : ["BeforeHookCreation"],
    unknownDeletePolicies: policies.unknown,
  };
}

function viewDeletePolicies(object: KubeObject): Translated<HookDeletePolicy> {
  const argo = readAnnotationList(object, annotationKey.hookDeletePolicy);
  if (argo.length > 0) return translate(argo, argoPolicies);
  return translate(readAnnotationList(object, annotationKey.helmHookDeletePolicy), helmPolicies);
}

interface Translated<T> {
  readonly known: readonly T[];
  readonly unknown: readonly string[];
}

function translate<T>(names: readonly string[], table: ReadonlyMap<string, T>): Translated<T> {
  const known = new Set<T>();
  const unknown: string[] = [];
  for (const name of names) {
    const meaning = table.get(name);
    if (meaning === undefined) unknown.push(name);
    else known.add(meaning);
  }
  return { known: [...known], unknown };
}

function namesOf<T extends string>(names: readonly T[]): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, name]));
}

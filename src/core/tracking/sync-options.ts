import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "./annotations.ts";
import { readAnnotation, readAnnotationList } from "./read-annotation.ts";

/** Whether an object may be deleted: freely, only when a person confirmed it, or never. */
export type DeletionRule = "allowed" | "confirm" | "disabled";

/** The sync options of one object; a switch is undefined when the object does not say, so the Application decides. */
interface ResourceSyncOptions {
  /** When the object has left Git. */
  readonly prune: DeletionRule;
  /** When the Application itself is deleted. */
  readonly delete: DeletionRule;
  readonly validate?: boolean;
  readonly skipDryRunOnMissingResource?: boolean;
  readonly replace?: boolean;
  readonly force?: boolean;
  readonly serverSideApply?: boolean;
  readonly pruneLast?: boolean;
  readonly clientSideApplyMigration?: boolean;
  /** Entries that mean nothing on an object, as written. */
  readonly unknown: readonly string[];
}

type Switch = Exclude<keyof ResourceSyncOptions, "prune" | "delete" | "unknown">;
type MutableSyncOptions = { -readonly [Field in keyof ResourceSyncOptions]: ResourceSyncOptions[Field] };

const switches: ReadonlyMap<string, Switch> = new Map([
  ["Validate", "validate"],
  ["SkipDryRunOnMissingResource", "skipDryRunOnMissingResource"],
  ["Replace", "replace"],
  ["Force", "force"],
  ["ServerSideApply", "serverSideApply"],
  ["PruneLast", "pruneLast"],
  ["ClientSideApplyMigration", "clientSideApplyMigration"],
]);

const deletionRules: ReadonlyMap<string, DeletionRule> = new Map([
  ["true", "allowed"],
  ["confirm", "confirm"],
  ["false", "disabled"],
]);

const strictness: readonly DeletionRule[] = ["allowed", "confirm", "disabled"];

/**
 * The argocd.argoproj.io/sync-options of an object. Where entries contradict each other, the one that keeps the object
 * wins for Prune and Delete, the last one otherwise. `helm.sh/resource-policy: keep` is Prune=false and Delete=false.
 */
export function viewSyncOptions(object: KubeObject): ResourceSyncOptions {
  const kept = readAnnotation(object, annotationKey.helmResourcePolicy)?.trim() === "keep";
  const rule: DeletionRule = kept ? "disabled" : "allowed";
  const unknown: string[] = [];
  const options: MutableSyncOptions = { prune: rule, delete: rule, unknown };
  for (const entry of readAnnotationList(object, annotationKey.syncOptions)) {
    if (!setOption(options, entry)) unknown.push(entry);
  }
  return options;
}

/** False when the entry is not an option of objects. */
function setOption(options: MutableSyncOptions, entry: string): boolean {
  const [name = "", value = "", ...rest] = entry.split("=").map((part) => part.trim());
  if (rest.length > 0) return false;
  if (name === "Prune" || name === "Delete") {
    const rule = deletionRules.get(value);
    if (rule === undefined) return false;
    const field = name === "Prune" ? "prune" : "delete";
    options[field] = stricter(options[field], rule);
    return true;
  }
  const field = switches.get(name);
  if (field === undefined || (value !== "true" && value !== "false")) return false;
  options[field] = value === "true";
  return true;
}

function stricter(a: DeletionRule, b: DeletionRule): DeletionRule {
  return strictness.indexOf(a) > strictness.indexOf(b) ? a : b;
}

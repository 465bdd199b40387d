import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { ResourceSelector } from "./input.ts";

const special = /[.+?^${}()|[\]\\]/gu;

function matchesPattern(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  const source = pattern.replaceAll(special, String.raw`\$&`).replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "su").test(text);
}

function matches(selector: ResourceSelector, key: ObjectKey): boolean {
  const { group, kind, namespace, name } = parseObjectKey(key);
  return (
    matchesPattern(selector.group, group) &&
    matchesPattern(selector.kind, kind) &&
    matchesPattern(selector.name, name) &&
    (selector.namespace === undefined ||
      selector.namespace === "" ||
      matchesPattern(selector.namespace, namespace))
  );
}

/** Whether a selective sync takes the object: an exclusion always wins, and exclusions alone take everything else. */
export function isSelected(key: ObjectKey, selected: readonly ResourceSelector[] | undefined): boolean {
  if (selected === undefined) return true;
  if (selected.some((one) => one.exclude === true && matches(one, key))) return false;
  const includes = selected.filter((one) => one.exclude !== true);
  return includes.length === 0 ? selected.length > 0 : includes.some((one) => matches(one, key));
}

import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewObject } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import type { WorkContext } from "./controller.ts";
import { readStored } from "./controller.ts";
import { matcherOf } from "./match-selector.ts";
import { isDeleting, keyIn, namespaceOf, referenceTo, uidOf } from "./owned.ts";

export interface Claim {
  /** Its `spec.selector` says what is its own. */
  readonly owner: KubeObject;
  /** Of what is claimed. */
  readonly resource: string;
}

/**
 * The objects that an owner controls and whose labels meet its selector. Those that no longer do are let go; those that do and
 * belong to nobody become its own.
 */
export function claimDependents(
  context: WorkContext,
  calls: SystemCalls,
  { owner, resource }: Claim,
): readonly KubeObject[] {
  const selector = viewObject(owner, "spec", "selector");
  const matches = matcherOf(selector);
  const owned = context.index.controlledBy(owner, resource);
  if (isDeleting(owner)) return owned;
  const kept = owned.filter((object) => matches(labelsOf(object)));
  for (const object of owned) {
    if (!matches(labelsOf(object)) && !isDeleting(object)) release(calls, resource, { object, owner });
  }
  const orphans = context.index.orphansMatching(resource, namespaceOf(owner), selector);
  const adopted = orphans
    .filter((object) => !isDeleting(object))
    .flatMap((object) => {
      const key = keyIn(resource, object);
      calls.replace(key, withOwner(object, owner));
      return readStored(context, key) ?? [];
    });
  return [...kept, ...adopted];
}

function release(
  calls: SystemCalls,
  resource: string,
  { object, owner }: { readonly object: KubeObject; readonly owner: KubeObject },
): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const left = ownerReferences.filter(({ uid }) => uid !== uidOf(owner));
  calls.replace(keyIn(resource, object), {
    ...object,
    metadata: left.length === 0 ? metadata : { ...metadata, ownerReferences: left },
  });
}

function withOwner(object: KubeObject, owner: KubeObject): KubeObject {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), referenceTo(owner)];
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

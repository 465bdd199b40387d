import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { jsonEqual, viewNumber, viewObject } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import type { WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, namespaceOf, referenceTo, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { hashOf } from "../base/template-hash.ts";

/** Says on a pod which revision of its template it is from. */
export const revisionLabel = "controller-revision-hash";
const hashLabel = "controller.kubernetes.io/hash";

/** The templates that a StatefulSet or a DaemonSet has had. */
export interface Revisions {
  /** Oldest first. */
  readonly all: readonly KubeObject[];
  /** The one of the template as it is now. */
  readonly update: KubeObject;
}

/** Keeps a ControllerRevision for the owner's template; one that was there before becomes the newest again. */
export function keepRevision(
  context: WorkContext,
  calls: SystemCalls,
  owner: KubeObject,
): Revisions | undefined {
  const template = viewObject(owner, "spec", "template");
  const all = revisionsOf(context, owner);
  const newest = Math.max(0, ...all.map(numberOf));
  const known = all.findLast((revision) => jsonEqual(templateOf(revision), template));
  if (known === undefined) {
    const made = newRevision(owner, template, newest + 1);
    calls.create(keyIn(resources.controllerRevisions, made), made);
  } else if (numberOf(known) < newest) {
    calls.replace(keyIn(resources.controllerRevisions, known), { ...known, revision: newest + 1 });
  }
  const after = revisionsOf(context, owner);
  const update = after.findLast((revision) => jsonEqual(templateOf(revision), template));
  return update && { all: after, update };
}

function revisionsOf({ index }: WorkContext, owner: KubeObject): readonly KubeObject[] {
  return index
    .controlledBy(owner, resources.controllerRevisions)
    .filter((revision) => !isDeleting(revision))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(revision: KubeObject): number {
  return viewNumber(revision, "revision") ?? 0;
}

/** The template that a revision holds. */
export function templateOf(revision: KubeObject): JsonObject {
  const { $patch: _directive, ...template } = viewObject(revision, "data", "spec", "template");
  return template;
}

export function hashOfRevision(revision: KubeObject): string {
  return revision.metadata.labels?.[hashLabel] ?? "";
}

function newRevision(owner: KubeObject, template: JsonObject, revision: number): KubeObject {
  const hash = hashOf(template);
  const labels = { ...viewObject(template, "metadata", "labels"), [hashLabel]: hash } as StringMap;
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${nameOf(owner)}-${hash}`,
      namespace: namespaceOf(owner),
      labels,
      ownerReferences: [referenceTo(owner)],
    },
    data: { spec: { template: { ...template, $patch: "replace" } } },
    revision,
  };
}

/** Deletes the oldest revisions beyond the owner's limit; those that are in use stay. */
export function forgetRevisions(
  context: WorkContext,
  calls: SystemCalls,
  { owner, used }: { readonly owner: KubeObject; readonly used: ReadonlySet<string> },
): void {
  const limit = viewNumber(owner, "spec", "revisionHistoryLimit") ?? 10;
  const idle = revisionsOf(context, owner).filter((revision) => !used.has(nameOf(revision)));
  for (const revision of idle.slice(0, Math.max(0, idle.length - limit))) {
    const key = keyIn(resources.controllerRevisions, revision);
    const live = readStored(context, key);
    if (live !== undefined) calls.remove(key, { propagation: "Background", uid: uidOf(live) });
  }
}

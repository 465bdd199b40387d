import { FieldSet } from "#core/merge/index.ts";
import { managerId, type Managers, managersOf, withManagers } from "#core/merge/managers.ts";
import type { ManagedFieldsEntry } from "#core/merge/index.ts";
import { fieldElement } from "#core/merge/path.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatApiVersion, viewPath } from "#core/object/index.ts";
import type { Target, WriteOptions } from "./api.ts";
import { replicasPath } from "./scale.ts";

interface Scaling {
  readonly target: Target;
  readonly options: WriteOptions;
  readonly live: KubeObject;
}

/**
 * Notes who owns the replicas after a write of a Scale, as the API server does: updaters who owned them have an entry without
 * a time for them alone while the number stays, and all lose them to the writer when it changes. Where nobody owned them nobody does, and of
 * none, which a Scale does not print, there is no owner.
 */
export function manageScale({ target, options, live }: Scaling): (object: KubeObject) => KubeObject {
  const path = replicasPath(target);
  const managers = managersOf(live) ?? new Map<string, ManagedFieldsEntry>();
  const replicas = FieldSet.of(path.map((name) => fieldElement(name)));
  const owners = [...managers.values()].filter((entry) => !entry.fields.intersection(replicas).isEmpty());
  return (next) => {
    const isKept = (viewPath(live, ...path) ?? 0) === (viewPath(next, ...path) ?? 0);
    const losers = [...managers].filter(([, { operation }]) => !isKept || operation === "Update");
    const after = new Map([...managers, ...withoutFields(new Map(losers), replicas)]);
    for (const [id, { fields }] of after) if (fields.isEmpty()) after.delete(id);
    const takers = isKept
      ? owners.filter(({ operation }) => operation === "Update")
      : [writer(target, options)];
    const isOwned = owners.length > 0 && (viewPath(next, ...path) ?? 0) !== 0;
    for (const entry of isOwned ? takers : [])
      after.set(`replicas of ${managerId(entry)}`, { ...entry, time: "", fields: replicas });
    return withManagers(next, after);
  };
}

function writer(
  { kind, subresource }: Target,
  { fieldManager }: WriteOptions,
): Omit<ManagedFieldsEntry, "fields"> {
  return {
    manager: fieldManager === "" ? "unknown" : fieldManager,
    operation: "Update",
    apiVersion: formatApiVersion(kind.group, kind.version),
    subresource,
    time: "",
  };
}

function withoutFields(managers: Managers, taken: FieldSet): Managers {
  return new Map(
    [...managers].map(([id, entry]) => [id, { ...entry, fields: entry.fields.difference(taken) }] as const),
  );
}

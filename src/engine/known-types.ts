import type { FieldSchema } from "#core/merge/index.ts";
import { withKnownTypes } from "#core/compare/index.ts";
import type { GroupVersionKind } from "#core/object/index.ts";
import { presetKnownTypeFields } from "#core/settings/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ComparisonRules } from "./comparison-rules.ts";

/** Kinds in whose schemas the types of `core/v1` are looked for. */
const coreKinds = [
  "Pod",
  "PodTemplate",
  "Service",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "ResourceQuota",
  "LimitRange",
  "Secret",
  "ConfigMap",
] as const;

type GroupKind = Pick<GroupVersionKind, "group" | "kind">;

/** The schema by which a kind is compared, when `knownTypeFields` or a preset has something about it; otherwise undefined. */
export async function comparedAs(
  schema: FieldSchema | undefined,
  { group, kind }: GroupVersionKind,
  {
    cluster,
    rules,
    signal,
  }: { readonly cluster: Cluster; readonly rules: ComparisonRules; readonly signal: AbortSignal },
): Promise<FieldSchema | undefined> {
  const isOfKind = (one: GroupKind) => one.group === group && one.kind === kind;
  const own = rules.knownTypeFields.filter((one) => isOfKind(one));
  const fields = own.length > 0 ? own : presetKnownTypeFields.filter((one) => isOfKind(one));
  if (fields.length === 0 || schema === undefined) return undefined;
  const known: FieldSchema[] = [];
  for (const coreKind of coreKinds) {
    const found = await cluster.schemaOf({ group: "", version: "v1", kind: coreKind }, signal);
    if (found !== undefined) known.push(found);
  }
  return withKnownTypes(
    schema,
    fields.flatMap((one) => one.fields),
    known,
  );
}

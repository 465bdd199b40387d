import type { AnswerOf } from "../../../lib/api/index.ts";
import { isRecord } from "../is-same.ts";

export type Managed = NonNullable<AnswerOf<"application", "managedResources">["items"]>[number];
export type JsonRecord = Readonly<Record<string, unknown>>;

/** What a sync does with an object. */
export type Change = "create" | "change" | "prune" | "keep" | "run" | "skip" | "same";

export interface PreviewRow {
  /** `group/kind/namespace/name`. */
  readonly key: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly change: Change;
  readonly phase: string;
  readonly wave: number;
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord | undefined;
  /** Somebody has to confirm before it is pruned. */
  readonly isConfirmed: boolean;
  /** Why it stays, or what becomes of it. */
  readonly note: string;
}

/** A part of the order in which a sync goes. */
export interface PreviewStep {
  readonly title: string;
  readonly rows: readonly PreviewRow[];
}

const syncPhases = ["PreSync", "Sync", "PostSync", "SyncFail"];
const annotation = {
  wave: "argocd.argoproj.io/sync-wave",
  helmWeight: "helm.sh/hook-weight",
  hook: "argocd.argoproj.io/hook",
  helmHook: "helm.sh/hook",
  options: "argocd.argoproj.io/sync-options",
  helmPolicy: "helm.sh/resource-policy",
} as const;

/** Helm's names of hooks; those that run in no sync are left out. */
const helmHooks: Readonly<Record<string, string>> = {
  "pre-install": "PreSync",
  "pre-upgrade": "PreSync",
  "post-install": "PostSync",
  "post-upgrade": "PostSync",
};

/** What a sync of everything would do, object by object, a hook once for each phase in which it runs. */
export function previewOf(managed: readonly Managed[]): readonly PreviewRow[] {
  return managed.flatMap((item) => rowsOf(item));
}

function rowsOf(item: Managed): readonly PreviewRow[] {
  const target = parseState(item.targetState);
  const live = parseState(item.liveState);
  const base = { ...identityOf(item), wave: waveOf(target ?? live), isConfirmed: false, note: "" };
  if (item.hook === true) {
    if (target === undefined) return [];
    const phases = hookPhases(target);
    const hook = { ...base, before: undefined, after: target };
    if (phases.length === 0)
      return [{ ...hook, change: "skip", phase: "Sync", note: "a hook that no sync runs" }];
    return phases.map((phase) => ({ ...hook, change: "run" as const, phase }));
  }
  const row = {
    ...base,
    phase: "Sync",
    before: declared(parseState(item.normalizedLiveState)),
    after: declared(parseState(item.predictedLiveState)),
  };
  if (target === undefined) return live === undefined ? [] : [pruneRow(row, live)];
  const change = live === undefined ? "create" : item.modified === true ? "change" : "same";
  return [{ ...row, change }];
}

function pruneRow(row: Omit<PreviewRow, "change">, live: JsonRecord): PreviewRow {
  const options = listIn(live, annotation.options);
  const isKept = options.includes("Prune=false") || textIn(live, annotation.helmPolicy) === "keep";
  if (isKept)
    return {
      ...row,
      after: row.before,
      change: "keep",
      note: "Git does not have it, but it says Prune=false",
    };
  const hasOwner = listOf(live["metadata"], "ownerReferences").length > 0;
  if (hasOwner)
    return { ...row, after: row.before, change: "keep", note: "it has an owner, with which it goes" };
  return { ...row, after: undefined, change: "prune", isConfirmed: options.includes("Prune=confirm") };
}

function identityOf({ group = "", kind = "", namespace = "", name = "" }: Managed) {
  return { key: `${group}/${kind}/${namespace}/${name}`, group, kind, namespace, name };
}

/** An object as the API writes it: `null` and nothing stand for none. */
export function parseState(text: string | undefined): JsonRecord | undefined {
  if (text === undefined || text === "" || text === "null") return undefined;
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : undefined;
}

const serverFields = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** An object without what the server writes by itself, which says nothing of a sync. */
export function declared(object: JsonRecord | undefined): JsonRecord | undefined {
  if (object === undefined) return undefined;
  const { status: _status, metadata, ...rest } = object;
  if (!isRecord(metadata)) return rest;
  const kept = Object.entries(metadata).filter(([name]) => !serverFields.includes(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function textIn(object: JsonRecord | undefined, name: string): string | undefined {
  const metadata = object?.["metadata"];
  const annotations = isRecord(metadata) ? metadata["annotations"] : undefined;
  const value = isRecord(annotations) ? annotations[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

function listIn(object: JsonRecord, name: string): readonly string[] {
  return (textIn(object, name) ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function waveOf(object: JsonRecord | undefined): number {
  for (const name of [annotation.wave, annotation.helmWeight]) {
    const text = textIn(object, name);
    if (text !== undefined && /^[+-]?\d+$/u.test(text)) return Number(text);
  }
  return 0;
}

/** The phases in which an object runs as a hook; none for one that is no hook, or that no sync runs. */
function hookPhases(object: JsonRecord): readonly string[] {
  const own = listIn(object, annotation.hook);
  const names =
    own.length > 0 ? own : listIn(object, annotation.helmHook).map((name) => helmHooks[name] ?? "");
  return syncPhases.filter((phase) => names.includes(phase));
}

/** Whether an object is a hook, of a sync or of something else. */
export function isHook(object: JsonRecord): boolean {
  const helm = listIn(object, annotation.helmHook).filter((name) => name !== "crd-install");
  return listIn(object, annotation.hook).length > 0 || helm.length > 0;
}

/** The order in which a sync goes: phases, in them waves; what is pruned after what is applied, the highest wave first. */
export function stepsOf(rows: readonly PreviewRow[]): readonly PreviewStep[] {
  const isPrune = ({ change }: PreviewRow): boolean => change === "prune";
  const applied = rows.filter((row) => !isPrune(row));
  return syncPhases.flatMap((phase) => [
    ...group(applied.filter((row) => row.phase === phase)).map(([wave, found]) => ({
      title: `${phaseTitles[phase] ?? phase}, wave ${wave}`,
      rows: found,
    })),
    ...(phase === "Sync"
      ? group(rows.filter(isPrune))
          .toReversed()
          .map(([wave, found]) => ({ title: `Prune, wave ${wave}`, rows: found }))
      : []),
  ]);
}

const phaseTitles: Readonly<Record<string, string>> = {
  PreSync: "Before the sync",
  Sync: "Sync",
  PostSync: "After the sync",
  SyncFail: "Only if it fails",
};

function group(rows: readonly PreviewRow[]): readonly (readonly [number, readonly PreviewRow[]])[] {
  const waves = Map.groupBy(rows, ({ wave }) => wave);
  return [...waves].toSorted(([a], [b]) => a - b).map(([wave, found]) => [wave, found.toSorted(compareRows)]);
}

function compareRows(a: PreviewRow, b: PreviewRow): number {
  return Number(a.change === "same") - Number(b.change === "same") || (a.key < b.key ? -1 : 1);
}

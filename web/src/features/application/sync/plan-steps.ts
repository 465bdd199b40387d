import type { AnswerOf } from "../../../lib/api/index.ts";

/** A plan as the server makes it. */
export type MadePlan = AnswerOf<"plan", "make">;
type Wave = NonNullable<MadePlan["waves"]>[number];
type Action = NonNullable<Wave["actions"]>[number];
type Wait = NonNullable<Wave["waitsFor"]>[number];

/** What a sync does with an object. */
export type Change = "create" | "change" | "prune" | "keep" | "run" | "skip" | "same";

export interface PlanRow {
  /** Of the object in its step. */
  readonly id: string;
  /** `group/kind/namespace/name`. */
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly change: Change;
  /** Why, which fields, or what becomes of it. */
  readonly note: string;
  /** Somebody has to confirm before it is pruned. */
  readonly isConfirmed: boolean;
}

/** A part of the order in which a sync goes. */
export interface PlanStep {
  readonly title: string;
  readonly rows: readonly PlanRow[];
  /** What is waited for before the next step; empty when it begins at once. */
  readonly waits: string;
}

const phaseTitles: Readonly<Record<string, string>> = {
  PreSync: "Before the sync",
  Sync: "Sync",
  PostSync: "After the sync",
  SyncFail: "Only if it fails",
};

/** The plan in the order in which it is carried out, and behind it what is left alone. */
export function stepsOf({ waves = [], skipped = [] }: MadePlan): readonly PlanStep[] {
  const steps = waves.map(({ phase = "", step = "", wave = 0, actions = [], waitsFor = [] }) => {
    const title = step === "prune" ? "Prune" : (phaseTitles[phase] ?? phase);
    const at = `${phase} ${step} ${wave}`;
    return {
      title: `${title}, wave ${wave}`,
      rows: actions.map((action) => rowOf(action, at)),
      waits: formatWaits(waitsFor),
    };
  });
  // A sync of some objects says nothing of the others.
  const left = skipped.filter(({ because }) => because !== "not-selected");
  return [
    ...steps.filter(({ rows }) => rows.length > 0),
    ...(left.length === 0
      ? []
      : [{ title: "Left alone", rows: left.map((action) => rowOf(action, "left")), waits: "" }]),
  ];
}

/** All rows of all steps. */
export function rowsOf(steps: readonly PlanStep[]): readonly PlanRow[] {
  return steps.flatMap(({ rows }) => rows);
}

function rowOf(action: Action, at: string): PlanRow {
  const { group = "", kind = "", namespace = "", name = "", needsConfirmation = false } = action;
  const key = `${group}/${kind}/${namespace}/${name}`;
  const change = changeOf(action);
  return {
    id: `${at} ${key}`,
    key,
    kind,
    namespace,
    name,
    change,
    note: noteOf(action),
    isConfirmed: needsConfirmation,
  };
}

const created: readonly string[] = ["missing", "create-namespace"];
const kept: readonly string[] = [
  "prune-not-requested",
  "prune-disabled",
  "delete-disabled",
  "owned-by-controller",
  "owned-by-other",
  "not-tracked",
  "already-deleting",
  "same-object",
  "holds-others",
];

function changeOf({ verb, because = "", hook }: Action): Change {
  if (verb === "prune") return "prune";
  if (verb === "apply") return hook === true ? "run" : created.includes(because) ? "create" : "change";
  if (because === "unchanged") return "same";
  return kept.includes(because) ? "keep" : "skip";
}

const reasons: Readonly<Record<string, string>> = {
  "prune-not-requested": "Git does not have it; it stays, because prune is off",
  "prune-disabled": "Git does not have it, but it says Prune=false",
  "owned-by-controller": "it has an owner, with which it goes",
  "ignored-drift": "what differs is ignored when it is compared, and a sync undoes it all the same",
  ownership: "the same fields, taken over from whoever applied them before",
  "namespace-metadata": "labels and annotations of the namespace",
  "create-namespace": "the namespace of the application",
};

function noteOf({ verb, because = "", message = "", mode, force, fields = [] }: Action): string {
  const known = reasons[because];
  if (verb === "skip") return because === "unchanged" ? "" : (known ?? message);
  const how =
    mode === "replace" ? (force === true ? "deleted and created again" : "replaced whole") : undefined;
  const forced =
    mode === "apply" && force === true ? "deleted and created again if a field cannot be changed" : undefined;
  return [known, formatFields(fields), how, forced].filter((part) => part !== undefined).join(" · ");
}

const shownFields = 3;

function formatFields(fields: readonly string[]): string | undefined {
  if (fields.length === 0) return undefined;
  const more = fields.length > shownFields ? ` and ${fields.length - shownFields} more` : "";
  return `${fields.slice(0, shownFields).join(", ")}${more}`;
}

const shownWaits = 2;

function formatWaits(waits: readonly Wait[]): string {
  if (waits.length === 0) return "";
  const isGone = waits.every(({ until }) => until === "gone");
  const named = waits.slice(0, shownWaits).map(({ kind = "", name = "" }) => `${kind} ${name}`);
  const more = waits.length > shownWaits ? [`${waits.length - shownWaits} more`] : [];
  const all = [...named, ...more];
  const listed = [all.slice(0, -1).join(", "), all.at(-1)].filter((part) => part !== "").join(" and ");
  const is = waits.length === 1 ? "is" : "are";
  return `Then it waits until ${listed} ${is} ${isGone ? "gone" : "healthy"}.`;
}

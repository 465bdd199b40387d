import { actionsOf } from "./actions.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { Action, ApplyAction, Refusal, SyncPlan, Wave } from "./plan.ts";

const keyColumn = 44;
/** The object is there and is changed. */
const changes: readonly ApplyAction["because"][] = ["drift", "ignored-drift", "ownership"];

/** The plan for people, one line for each object; the same plan always gives the same text. No values, only field paths. */
export function formatPlan(plan: SyncPlan): string {
  return [
    `plan for application ${plan.app} at ${plan.revision}${plan.dryRun ? " (dry run)" : ""}: ${formatCounts(plan)}`,
    ...plan.refusals.flatMap(formatRefusal),
    ...plan.waves.flatMap(formatWave),
    ...(plan.skipped.length === 0 ? [] : ["not touched", ...plan.skipped.map((one) => `    ${one.message}`)]),
    ...(plan.partial ? ["only selected resources: hooks do not run and the history does not record it"] : []),
  ].join("\n");
}

/** `2 to apply, 1 to prune, 5 left alone`. */
export function formatCounts({ waves, skipped }: SyncPlan): string {
  const actions = actionsOf(...waves);
  const count = (verb: Action["verb"]) => actions.filter((action) => action.verb === verb).length;
  return `${count("apply")} to apply, ${count("prune")} to prune, ${count("skip") + skipped.length} left alone`;
}

function formatRefusal(refusal: Refusal): readonly string[] {
  return [`refused by ${refusal.guard}: ${refusal.message}`, `    to go on: ${refusal.override}`];
}

function formatWave(wave: Wave): readonly string[] {
  const title =
    wave.step === "prune" ? `${wave.phase} wave ${wave.wave}, prune` : `${wave.phase} wave ${wave.wave}`;
  const gone = wave.gates.filter((gate) => gate.until === "gone").length;
  const healthy = wave.gates.length - gone;
  return [
    title,
    ...wave.groups.flatMap((group) => group.actions.map(formatAction)),
    ...(healthy === 0 ? [] : [`    then wait for ${healthy} to be healthy`]),
    ...(gone === 0 ? [] : [`    then wait for ${gone} to be gone`]),
  ];
}

function formatAction(action: Action): string {
  switch (action.verb) {
    case "apply":
      return formatLine(changes.includes(action.because) ? "~" : "+", action.key, formatReason(action));
    case "prune":
      return formatLine(
        "-",
        action.key,
        `prune, ${action.propagation.toLowerCase()}${action.needsConfirmation === true ? ", once confirmed" : ""}`,
      );
    case "skip":
      return formatLine("=", action.key, action.because);
    default:
      throw new Error(`unhandled action: ${JSON.stringify(action satisfies never)}`);
  }
}

function formatLine(sign: string, key: ObjectKey, text: string): string {
  return `  ${sign} ${formatObjectKey(key).padEnd(keyColumn)} ${text}`;
}

function formatReason(action: ApplyAction): string {
  const mode = action.mode === "apply" ? "" : `, ${action.mode}`;
  const force = action.force ? ", forced" : "";
  const drift = action.drift.length === 0 ? "" : `: ${action.drift.join(" ")}`;
  const early = action.pulledAhead === undefined ? "" : ` (early: ${action.pulledAhead})`;
  return `${action.because}${mode}${force}${drift}${early}`;
}

import type { DeletionHookType } from "#core/app/index.ts";
import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { annotationKey, hookFinalizer, viewHooks, viewSyncWave } from "#core/tracking/index.ts";
import { hookAction } from "./hook-action.ts";
import type { NamedHook } from "./hook-object.ts";
import { nameHook, withHookFinalizer } from "./hook-object.ts";
import { compareKeys, kindRank } from "./kind-order.ts";
import { skipOwned } from "./placement.ts";
import type { ApplyAction } from "./plan.ts";
import { formatGroupKindName, judgeHook } from "./progress.ts";
import type { ObjectSyncOptions } from "./traits.ts";
import { viewApplyOptions } from "./traits.ts";

/** Which deletion the hooks are run for. */
export interface DeletionRun {
  readonly type: DeletionHookType;
  /** When the Application was deleted (its deletionTimestamp), Unix milliseconds. */
  readonly requestedAtMs: number;
}

/** A hook of a deletion as it is to be applied: named, and marked with the run that it is of. */
export interface DeletionHook extends NamedHook {
  readonly wave: number;
}

/** A hook that Git wants, with the digest of its manifest. */
export interface DesiredHook {
  readonly key: ObjectKey;
  readonly desired: KubeObject;
  readonly digest: string;
}

/** The hooks of a deletion among what Git wants. */
export function deletionHooksOf(
  objects: readonly DesiredHook[],
  { type, requestedAtMs }: DeletionRun,
): readonly DeletionHook[] {
  return objects
    .filter(({ desired }) => {
      const { types } = viewHooks(desired);
      return types.includes(type) && !types.includes("Skip");
    })
    .map((object) => {
      const named = nameHook(object, type, { run: object.digest, atMs: requestedAtMs });
      const run = `${runPrefix({ type, requestedAtMs })}${object.digest.slice(0, shownDigestLength)}`;
      const { metadata } = named.desired;
      const annotations = { ...metadata.annotations, [annotationKey.deletionHookRun]: run };
      const marked: KubeObject = { ...named.desired, metadata: { ...metadata, annotations } };
      return { ...named, desired: withHookFinalizer(marked), wave: viewSyncWave(named.desired) };
    });
}

const shownDigestLength = 16;

function runPrefix({ type, requestedAtMs }: DeletionRun): string {
  return `${type}-${Math.floor(requestedAtMs / 1_000)}-`;
}

/** True for an object that was started as a hook of this deletion, from whichever manifest. */
function isOfDeletion(live: KubeObject, run: DeletionRun): boolean {
  return (runOf(live) ?? "").startsWith(runPrefix(run));
}

function runOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[annotationKey.deletionHookRun];
}

/** A hook of a deletion with what lives under its name. */
export interface LiveDeletionHook extends DeletionHook {
  readonly live: KubeObject | undefined;
  /** Undefined for a kind without a health check: such a hook has succeeded when it is there. */
  readonly health: Health | undefined;
  /** The other application whose tracking id the live object carries. */
  readonly owner: string | undefined;
  /** The live object carries our own tracking id. */
  readonly trackedByUs: boolean;
}

export interface DeletionHooksInput extends DeletionRun {
  readonly app: string;
  readonly objectDefaults: ObjectSyncOptions;
  readonly hooks: readonly LiveDeletionHook[];
}

/** What is to be done next for the hooks of a deletion. */
export type DeletionHooksStep =
  | { readonly do: "start"; readonly groups: readonly (readonly ApplyAction[])[] }
  /** Those that somebody deletes are to be let go of. */
  | { readonly do: "wait"; readonly release: readonly LiveDeletionHook[]; readonly message: string }
  | { readonly do: "failed"; readonly message: string }
  | { readonly do: "done" };

/**
 * What the hooks of a deletion need next. It is decided from what lives alone, so that it continues after a crash: a hook carries the
 * run that it is of, and is kept until all of them have run. A hook that has not succeeded runs again when its manifest changes or when it is deleted.
 */
export function planDeletionHooks(input: DeletionHooksInput): DeletionHooksStep {
  const waves = [...new Set(input.hooks.map(({ wave }) => wave))].toSorted((a, b) => a - b);
  for (const wave of waves) {
    const step = planWave(
      input.hooks.filter((hook) => hook.wave === wave),
      input,
    );
    if (step.do !== "done") return step;
  }
  return { do: "done" };
}

type Standing = "to-start" | "gone-soon" | "owned" | "waiting" | "failed" | "passed";

function planWave(hooks: readonly LiveDeletionHook[], input: DeletionHooksInput): DeletionHooksStep {
  const of = (standing: Standing) => hooks.filter((hook) => standingOf(hook, input) === standing);
  const owned = of("owned");
  if (owned.length > 0) {
    const messages = owned.map(({ key, owner = "" }) => skipOwned(key, input.app, owner).message);
    return { do: "failed", message: messages.join("; ") };
  }
  const toStart = of("to-start");
  if (toStart.length > 0) return { do: "start", groups: groupsOf(toStart, input) };
  const failed = of("failed");
  if (failed.length > 0) return { do: "failed", message: failed.map(formatFailure).join("; ") };
  const waiting = [...of("gone-soon"), ...of("waiting")];
  const [first] = waiting;
  if (first === undefined) return { do: "done" };
  const more = waiting.length === 1 ? "" : ` and ${waiting.length - 1} more`;
  const detail = first.health?.message;
  return {
    do: "wait",
    release: of("gone-soon"),
    message: `completion of ${input.type} hook ${formatGroupKindName(first.key)}${detail === undefined || detail === "" ? "" : ` (${detail})`}${more}`,
  };
}

function standingOf(hook: LiveDeletionHook, input: DeletionHooksInput): Standing {
  const { live, owner, health } = hook;
  if (live === undefined) return "to-start";
  if (owner !== undefined && !optionsOf(hook, input).takeOwnership) return "owned";
  if (!isOfDeletion(live, input)) return "to-start";
  const verdict = judgeHook({ exists: true, health });
  if (verdict !== "passed" && isTakenAway(live)) return "gone-soon";
  // What failed, or hangs, is not what is desired now.
  return verdict === "passed" || runOf(live) === runOf(hook.desired) ? verdict : "to-start";
}

/** Somebody deletes it, so that it runs anew; one that removes itself when it has finished has failed, and would go on failing for ever. */
function isTakenAway(live: KubeObject): boolean {
  const removesItself = ["ttlSecondsAfterFinished", "ttlStrategy"].some(
    (field) => viewPath(live, "spec", field) !== undefined,
  );
  return live.metadata.deletionTimestamp !== undefined && !removesItself;
}

function formatFailure({ key, health }: LiveDeletionHook): string {
  const message = health?.message ?? "";
  return `${formatGroupKindName(key)} is ${health?.status ?? "Unknown"}${message === "" ? "" : `: ${message}`}`;
}

function groupsOf(
  hooks: readonly LiveDeletionHook[],
  input: DeletionHooksInput,
): readonly (readonly ApplyAction[])[] {
  const ranks = [...new Set(hooks.map(({ key }) => kindRank(key)))].toSorted((a, b) => a - b);
  return ranks.map((rank) =>
    hooks
      .filter(({ key }) => kindRank(key) === rank)
      .toSorted((a, b) => compareKeys(a.key, b.key))
      .map((hook) => startHook(hook, input)),
  );
}

function optionsOf({ desired }: LiveDeletionHook, { objectDefaults }: DeletionHooksInput) {
  return viewApplyOptions(desired, undefined, objectDefaults);
}

function startHook(hook: LiveDeletionHook, input: DeletionHooksInput): ApplyAction {
  const { live } = hook;
  // Whatever an earlier run left has to go, or this one would not run; an object of the user's is only applied over.
  const isLeft = live !== undefined && (viewHooks(live).isHook || hook.trackedByUs);
  return hookAction({ ...hook, options: optionsOf(hook, input), left: isLeft ? live : undefined });
}

/** A live object that carries the application's mark. */
export interface CleanedHook {
  readonly key: ObjectKey;
  readonly live: KubeObject;
  readonly health: Health | undefined;
}

/** Hooks of a deletion that have run: those to remove, and those that stay but must be let go of. */
export interface DeletionHooksCleanup {
  readonly remove: readonly CleanedHook[];
  readonly release: readonly CleanedHook[];
}

/**
 * What becomes of the hooks once all of them have succeeded: HookSucceeded removes them, others stay where they are, as in Argo CD. A hook
 * that failed before its manifest was corrected under another name goes when its policy says HookFailed.
 */
export function planHooksCleanup(objects: readonly CleanedHook[], run: DeletionRun): DeletionHooksCleanup {
  const own = objects.filter(({ live }) => isOfDeletion(live, run));
  const isRemoved = ({ live, health }: CleanedHook): boolean => {
    const failed = judgeHook({ exists: true, health }) === "failed";
    return viewHooks(live).deletePolicies.includes(failed ? "HookFailed" : "HookSucceeded");
  };
  const isHeld = ({ live }: CleanedHook) => (live.metadata.finalizers ?? []).includes(hookFinalizer);
  return {
    remove: own.filter(isRemoved),
    release: own.filter((hook) => !isRemoved(hook) && isHeld(hook)),
  };
}

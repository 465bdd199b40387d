import { formatCount } from "../../../lib/format.ts";
import { isAutomated, sourcesOf } from "../../applications/describe-application.ts";
import type { Application } from "../application-query.ts";
import { isBusy } from "../header/describe-operation.ts";
import type { SyncWindows } from "../header/windows.ts";
import { blockingWindows, formatWindow } from "../header/windows.ts";
import type { SyncChoice } from "./choice.ts";
import type { PreviewRow } from "./preview.ts";

/** What stands against a sync as it is chosen, or what it will wait for. */
export interface Guard {
  /** `stop`: the sync would be refused. `wait`: it begins, and waits. `note`: good to know. */
  readonly tone: "stop" | "wait" | "note";
  readonly title: string;
  readonly message: string;
  /** The choice that opens it, and what that is called. */
  readonly override?: { readonly field: "allowMassPrune" | "allowEmpty"; readonly label: string };
}

export interface GuardInput {
  readonly app: Application;
  readonly choice: SyncChoice;
  /** Of everything, whatever is selected. */
  readonly rows: readonly PreviewRow[];
  /** Keys; empty for everything. */
  readonly selected: ReadonlySet<string>;
  readonly windows: SyncWindows | undefined;
}

/** As the controller's own guards, whose word counts: more than so many objects, and more than this share. */
const maxPruned = 20;
const maxPrunedShare = 0.5;

export function guardsOf(input: GuardInput): readonly Guard[] {
  return [
    busyGuard,
    windowGuard,
    revisionGuard,
    emptyGuard,
    massPruneGuard,
    confirmGuard,
    approvalGuard,
    partialNote,
  ]
    .map((guard) => guard(input))
    .filter((guard) => guard !== undefined);
}

/** Whether there is no use in asking for the sync. */
export function isStopped(guards: readonly Guard[]): boolean {
  return guards.some(({ tone }) => tone === "stop");
}

function busyGuard({ app }: GuardInput): Guard | undefined {
  if (!isBusy(app)) return undefined;
  return {
    tone: "stop",
    title: "Another sync is running",
    message: "Wait until it has ended, or stop it.",
  };
}

function windowGuard({ windows, choice }: GuardInput): Guard | undefined {
  if (choice.dryRun || windows?.canSync !== false) return undefined;
  const blocking = blockingWindows(windows).map((window) => formatWindow(window));
  const which = blocking.length === 0 ? "" : `: ${blocking.join(", ")}`;
  return {
    tone: "stop",
    title: "A sync window forbids syncs now",
    message: `Wait until it permits them, or let people through by manualSync in the project${which}. A dry run is possible.`,
  };
}

function revisionGuard({ app, choice }: GuardInput): Guard | undefined {
  if (choice.dryRun || !isAutomated(app)) return undefined;
  const isOther = sourcesOf(app).some(({ targetRevision = "" }, i) => {
    const asked = choice.revisions[i]?.trim() ?? "";
    return asked !== "" && asked !== targetRevision;
  });
  if (!isOther) return undefined;
  return {
    tone: "stop",
    title: "Automated sync would go back at once",
    message:
      "Another revision can be synced when automated sync is off, or as a dry run. Or change the target revision.",
  };
}

function chosenPrunes({ rows, choice, selected }: GuardInput): readonly PreviewRow[] {
  if (!choice.prune) return [];
  return rows.filter(({ change, key }) => change === "prune" && (selected.size === 0 || selected.has(key)));
}

function trackedCount(rows: readonly PreviewRow[]): number {
  return rows.filter(({ change }) => ["change", "same", "prune", "keep"].includes(change)).length;
}

function emptyGuard({ app, rows, choice }: GuardInput): Guard | undefined {
  const isEmpty = rows.every(({ change }) => ["prune", "keep", "run", "skip"].includes(change));
  const tracked = trackedCount(rows);
  const isAllowed = choice.allowEmpty || app.spec?.syncPolicy?.automated?.allowEmpty === true;
  if (!isEmpty || tracked === 0 || !choice.prune || isAllowed) return undefined;
  return {
    tone: "stop",
    title: "Git says that there shall be nothing at all",
    message: `The source renders no object, and this would delete ${tracked === 1 ? "the one" : `all ${tracked}`} that the application has. That is more often a mistake in the path or in the source than meant.`,
    override: { field: "allowEmpty", label: "It is meant: delete everything" },
  };
}

function massPruneGuard(input: GuardInput): Guard | undefined {
  const count = chosenPrunes(input).length;
  const tracked = trackedCount(input.rows);
  if (input.choice.allowMassPrune || count <= maxPruned || count <= tracked * maxPrunedShare)
    return undefined;
  return {
    tone: "stop",
    title: `This would delete ${count} of ${formatCount(tracked, "object")}`,
    message: `More than ${maxPruned} and more than half of the application are not deleted unless somebody says that it is meant.`,
    override: { field: "allowMassPrune", label: `It is meant: delete ${count} objects` },
  };
}

function confirmGuard(input: GuardInput): Guard | undefined {
  const isForAll = (input.app.spec?.syncPolicy?.syncOptions ?? []).includes("Prune=confirm");
  const prunes = chosenPrunes(input);
  const count = isForAll ? prunes.length : prunes.filter(({ isConfirmed }) => isConfirmed).length;
  if (count === 0 || input.choice.dryRun) return undefined;
  return {
    tone: "wait",
    title: "Deleting takes a confirmation",
    message: `${formatCount(count, "object")} may be deleted only when somebody confirms it while the sync waits. Nothing is deleted until then.`,
  };
}

function approvalGuard({ app, choice }: GuardInput): Guard | undefined {
  const required = app.metadata?.annotations?.["mooring.dev/require-approval"];
  if (choice.dryRun || required === undefined || required === "false") return undefined;
  return {
    tone: "wait",
    title: "A sync takes an approved plan",
    message:
      "The sync ends at once and says the plan and how to approve it, unless exactly this plan was approved before.",
  };
}

function partialNote({ selected, rows }: GuardInput): Guard | undefined {
  if (selected.size === 0) return undefined;
  const hooks = rows.some(({ change }) => change === "run") ? " Hooks do not run." : "";
  return {
    tone: "note",
    title: `Only ${formatCount(selected.size, "selected object")}`,
    message: `The history does not record a sync of a part, and one cannot roll back to it.${hooks}`,
  };
}

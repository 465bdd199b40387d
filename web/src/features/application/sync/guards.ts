import { formatCount, formatMoment } from "../../../lib/format.ts";
import { isAutomated, sourcesOf } from "../../applications/describe-application.ts";
import type { Application } from "../application-query.ts";
import { isBusy } from "../header/describe-operation.ts";
import type { SyncWindows } from "../header/windows.ts";
import { blockingWindows, formatWindow } from "../header/windows.ts";
import type { SyncChoice } from "./choice.ts";
import { waitingPlan } from "./approval.ts";
import type { MadePlan, PlanRow } from "./plan-steps.ts";

/** What stands against a sync as it is chosen, or what it will wait for. */
export interface Guard {
  /** `stop`: the sync would be refused. `wait`: it begins, and waits. `note`: good to know. */
  readonly tone: "stop" | "wait" | "note";
  readonly title: string;
  readonly message: string;
  /** The controller itself would refuse the plan. */
  readonly isRefusal?: true;
  /** The choice that opens it, and what that is called. */
  readonly override?: { readonly field: "allowMassPrune" | "allowEmpty"; readonly label: string };
}

export interface GuardInput {
  readonly app: Application;
  readonly choice: SyncChoice;
  /** Undefined while it is not known. */
  readonly made: MadePlan | undefined;
  readonly rows: readonly PlanRow[];
  /** Keys; empty for everything. */
  readonly selected: ReadonlySet<string>;
  readonly windows: SyncWindows | undefined;
  readonly nowMs: number;
}

export function guardsOf(input: GuardInput): readonly Guard[] {
  return [
    busyGuard(input),
    windowGuard(input),
    revisionGuard(input),
    ...refusalGuards(input),
    confirmGuard(input),
    waitingNote(input),
    partialNote(input),
  ].filter((guard) => guard !== undefined);
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

function windowGuard({ windows, choice, nowMs }: GuardInput): Guard | undefined {
  if (choice.dryRun || windows?.canSync !== false) return undefined;
  const blocking = blockingWindows(windows).map((window) => formatWindow(window));
  const which = blocking.length === 0 ? "" : `: ${blocking.join(", ")}`;
  const opens =
    windows.manualTurnsAt === undefined ? "" : ` at ${formatMoment(windows.manualTurnsAt, nowMs)}`;
  return {
    tone: "stop",
    title: "A sync window forbids syncs now",
    message: `Wait until it permits them${opens}, or let people through by manualSync in the project${which}. A dry run is possible.`,
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

type Refusal = NonNullable<MadePlan["refusals"]>[number];

const refusalTitles: Readonly<Record<string, string>> = {
  "shared-resource": "Another application has some of it",
  "unknown-kind": "The cluster does not know a kind",
  unreachable: "Something is out of reach",
  project: "The project does not permit some of it",
};

const refused = { tone: "stop", isRefusal: true } as const;

/** Why the controller would not carry the plan out, in its own words, one guard for each reason. */
function refusalGuards({ made, rows }: GuardInput): readonly Guard[] {
  return [...Map.groupBy(made?.refusals ?? [], ({ guard = "" }) => guard)].map(([guard, found]) => {
    const message = found.map((one) => sayRefusal(one)).join("\n");
    const prunes = rows.filter(({ change }) => change === "prune").length;
    if (guard === "mass-prune") {
      return {
        ...refused,
        title: `This would delete ${prunes} of ${formatCount(trackedCount(rows), "object")}`,
        message,
        override: { field: "allowMassPrune", label: `It is meant: delete ${prunes} objects` },
      };
    }
    if (guard === "empty-render") {
      return {
        ...refused,
        title: "Git says that there shall be nothing at all",
        message: `${message} That is more often a mistake in the path or in the source than meant.`,
        override: { field: "allowEmpty", label: "It is meant: delete everything" },
      };
    }
    return { ...refused, title: refusalTitles[guard] ?? "It would be refused", message };
  });
}

/** A refusal as a sentence, with what would let it. */
export function sayRefusal({ message = "", override = "" }: Refusal): string {
  const said = message.replace(/^application \S+: /u, "");
  const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return override === "" ? sentence(said) : `${sentence(said)} To do it all the same: ${override}.`;
}

/** What the application has in the cluster, as far as the plan tells. */
function trackedCount(rows: readonly PlanRow[]): number {
  return rows.filter(({ change }) => ["change", "same", "prune", "keep"].includes(change)).length;
}

function confirmGuard({ choice, rows }: GuardInput): Guard | undefined {
  const count = rows.filter(({ isConfirmed }) => isConfirmed).length;
  if (count === 0 || choice.dryRun) return undefined;
  return {
    tone: "wait",
    title: "Deleting takes a confirmation",
    message: `${formatCount(count, "object")} may be deleted only when somebody confirms it while the sync waits. Nothing is deleted until then.`,
  };
}

function waitingNote({ app, choice, made }: GuardInput): Guard | undefined {
  const waiting = waitingPlan(app);
  if (waiting === undefined || made === undefined || waiting.digest === made.digest) return undefined;
  const isPruning = app.spec?.syncPolicy?.automated?.prune === true;
  return {
    tone: "note",
    title: "The automated sync waits with another plan",
    message: `It would do this: ${waiting.summary}.${isPruning && !choice.prune ? " Turn on Prune to see it." : ""}`,
  };
}

function partialNote({ selected, made }: GuardInput): Guard | undefined {
  if (selected.size === 0) return undefined;
  const isWithoutHooks = made?.skipped?.some(({ because }) => because === "hooks-left-out") === true;
  const hooks = isWithoutHooks ? " Hooks do not run." : "";
  return {
    tone: "note",
    title: `Only ${formatCount(selected.size, "selected object")}`,
    message: `The history does not record a sync of a part, and one cannot roll back to it.${hooks}`,
  };
}

import type { Application } from "#core/app/index.ts";
import { revisionsOf, sourcesOf } from "#core/app/index.ts";
import { formatTable, oneLine } from "../output/table.ts";
import type { Paint } from "../output/paint.ts";
import { statusColor } from "../output/paint.ts";
import { formatDestination, formatMoment, formatPolicy, formatRevision } from "./app-view.ts";
import type { DependencyNode } from "./dependencies.ts";
import { formatDependency } from "./dependencies.ts";
import { formatOperation } from "./operation.ts";
import { rollbackRows } from "./rollback.ts";
import { formatPlans } from "./plans.ts";
import type { ResourceState } from "./resource-states.ts";
import { viewResourceStates } from "./resource-states.ts";
import type { WindowsView } from "./windows.ts";

/** What of the world around an Application `app get` shows. */
export interface Surroundings {
  readonly windows: WindowsView;
  readonly dependencies: readonly DependencyNode[];
}

/** The head of `app get`: what the Application is and how it is. */
export function formatSummary(
  app: Application,
  paint: Paint,
  { windows, dependencies }: Surroundings,
): string {
  const { status } = app;
  const sources = sourcesOf(app);
  const rows: (readonly [string, string])[] = [
    ["Name:", `${app.metadata.namespace ?? ""}/${app.metadata.name}`],
    ["Project:", app.spec.project === "" ? "default" : app.spec.project],
    ["Server:", formatDestination(app)],
    ["Namespace:", app.spec.destination.namespace ?? ""],
    [sources.length > 1 ? "Sources:" : "Source:", ""],
    ...sources.flatMap((source): (readonly [string, string])[] => [
      ["- Repo:", source.repoURL],
      ["  Target:", formatRevision(source.targetRevision, undefined)],
      source.chart === undefined ? ["  Path:", source.path ?? ""] : ["  Chart:", source.chart],
      ...(source.ref === undefined ? [] : [["  Ref:", source.ref] as const]),
    ]),
    ["SyncWindow:", windows.state],
    ...(windows.assigned.length === 0 ? [] : [["Assigned Windows:", windows.assigned.join(",")] as const]),
    ...dependencies.map((one, i) => [i === 0 ? "Depends On:" : "", formatDependency(one)] as const),
    ["Sync Policy:", formatPolicy(app)],
    ...rollbackRows(app),
    ["Sync Status:", formatSyncStatus(app, paint)],
    ["Health Status:", formatHealth(status?.health?.status, status?.health?.message, paint)],
  ];
  return rows.map(([label, value]) => `${label.padEnd(20)}${oneLine(value)}`.trimEnd() + "\n").join("");
}

function formatSyncStatus(app: Application, paint: Paint): string {
  const { sync } = app.status ?? {};
  const code = sync?.status ?? "Unknown";
  const revisions = sync === undefined ? [] : revisionsOf(sync);
  const revision = sourcesOf(app)
    .map((source, i) => formatRevision(source.targetRevision, revisions[i]))
    .join(", ");
  const word = paintStatus(code, paint);
  if (code === "Synced") return `${word} to ${revision}`;
  return code === "OutOfSync" ? `${word} from ${revision}` : word;
}

function formatHealth(code: string | undefined, message: string | undefined, paint: Paint): string {
  const word = paintStatus(code ?? "Unknown", paint);
  return message === undefined || message === "" ? word : `${word} (${oneLine(message)})`;
}

export function paintStatus(word: string, paint: Paint): string {
  const color = statusColor(word);
  return color === undefined ? word : paint(color, word);
}

/** Conditions, as a table; empty when there are none. */
function formatConditions(app: Application): string {
  const conditions = app.status?.conditions ?? [];
  if (conditions.length === 0) return "";
  return formatTable([
    ["CONDITION", "MESSAGE", "LAST TRANSITION"],
    ...conditions.map((one) => [one.type, oneLine(one.message), formatMoment(one.lastTransitionTime)]),
  ]);
}

export const stateHeader = ["GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH", "HOOK", "MESSAGE"];

export function stateCells(state: ResourceState): readonly string[] {
  const { group, kind, namespace, name, status, health, hook, message } = state;
  return [group, kind, namespace, name, status, health, hook, oneLine(message)];
}

/** The objects of an Application, as a table; colour goes on after the columns are set. */
function formatResources(app: Application, paint: Paint): string {
  const states = [...viewResourceStates(app).values()];
  if (states.length === 0) return "";
  return paintWords(formatTable([stateHeader, ...states.map((state) => stateCells(state))]), paint);
}

/** Colours the status words of a table; they stand between two spaces, so columns keep their width. */
export function paintWords(table: string, paint: Paint): string {
  const [header = "", ...lines] = table.split("\n");
  const painted = lines.map((line) =>
    line.replaceAll(/(?<= {2})[A-Z][A-Za-z]+(?= |$)/gu, (word) => paintStatus(word, paint)),
  );
  return [header, ...painted].join("\n");
}

interface DetailsOptions {
  readonly showOperation: boolean;
  readonly paint: Paint;
  readonly around: Surroundings;
}

/** All of `app get -o wide`. An operation that runs, or has failed, is shown unasked: it is why somebody looks. */
export function formatDetails(app: Application, { showOperation, paint, around }: DetailsOptions): string {
  const state = app.status?.operationState;
  const matters = showOperation || (state !== undefined && state.phase !== "Succeeded");
  return [
    formatSummary(app, paint, around),
    formatPlans(app),
    matters && state !== undefined ? formatOperation(state) : "",
    formatConditions(app),
    formatResources(app, paint),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

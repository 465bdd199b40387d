import type {
  Application,
  ApplicationCondition,
  ApplicationHealth,
  ApplicationStatus,
  ApplicationSummary,
  OperationState,
  ResourceStatus,
  RevisionHistory,
  SyncStatus,
  SyncStatusCode,
} from "#core/app/index.ts";
import { hasSources, inventoryOf, sourcesOf } from "#core/app/index.ts";
import type { Health } from "#core/health/index.ts";
import { rollUpHealth } from "#core/health/index.ts";
import { mergeSummaries } from "#core/summary/index.ts";
import { jsonEqual, objectKey, parseApiVersion, parseObjectKey } from "#core/object/index.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { formatTime } from "#runtime/clock.ts";

/** What a look at an application found; undefined parts could not be determined and keep their last value. */
export interface Findings {
  readonly compared: readonly ComparedObject[] | undefined;
  /** What the application's health is of, where that is not what Git wants. */
  readonly held?: readonly ComparedObject[] | undefined;
  readonly syncStatus: SyncStatusCode;
  /** By source. */
  readonly revisions: readonly string[] | undefined;
  readonly sourceTypes: readonly string[] | undefined;
  readonly conditions: readonly ApplicationCondition[];
  readonly operationState: OperationState | undefined;
  readonly history: readonly RevisionHistory[] | undefined;
  /** Set when somebody asked for this look: `reconciledAt` moves even if nothing else does. */
  readonly asked: boolean;
}

export interface StatusContext {
  readonly app: Application;
  readonly controllerNamespace: string;
  readonly nowMs: number;
}

/** The status as Argo CD shapes it. Equal findings give an equal status, so that an application at rest is not written. */
export function buildStatus(findings: Findings, context: StatusContext): ApplicationStatus {
  const before = context.app.status ?? {};
  const now = formatTime(context.nowMs);
  const { compared } = findings;
  const { sourceType: _type, sourceTypes: _types, ...rest } = before;
  const status: ApplicationStatus = {
    ...(findings.sourceTypes === undefined ? before : rest),
    sync:
      compared === undefined && before.sync !== undefined
        ? { ...before.sync, status: findings.syncStatus }
        : syncOf(findings, context.app),
    controllerNamespace: context.controllerNamespace,
    ...(compared === undefined ? inventoryKept(before) : observedOf(compared, before, now)),
    ...(findings.held === undefined
      ? {}
      : { health: healthOf(healthOfAll(findings.held), before.health, now) }),
    ...sourceTypesOf(findings, context.app),
    ...(findings.operationState === undefined ? {} : { operationState: findings.operationState }),
    ...(findings.history === undefined ? {} : { history: findings.history }),
  };
  const withConditions = replaceConditions(status, findings.conditions);
  const changed = !jsonEqual(withConditions, before);
  return changed || findings.asked ? { ...withConditions, reconciledAt: now } : withConditions;
}

function replaceConditions(
  status: ApplicationStatus,
  conditions: readonly ApplicationCondition[],
): ApplicationStatus {
  const { conditions: _old, ...rest } = status;
  return conditions.length === 0 ? rest : { ...rest, conditions };
}

function observedOf(compared: readonly ComparedObject[], before: ApplicationStatus, now: string) {
  return {
    health: healthOf(healthOfAll(compared), before.health, now),
    resources: compared.map((object) => resourceOf(object)),
    summary: summaryOf(compared),
  };
}

/**
 * While nothing can be compared, what the last operation applied joins the resources: its result is all that knows of it, and the next
 * operation replaces that.
 */
function inventoryKept(before: ApplicationStatus): Pick<ApplicationStatus, "resources"> {
  const { resources = [] } = before;
  const listed = new Set(inventoryOf({ status: { resources } }));
  const applied = new Map(
    (before.operationState?.syncResult?.resources ?? []).map((line) => [objectKey(line), line.version]),
  );
  const missing = inventoryOf({ status: before }).filter((key) => !listed.has(key));
  if (missing.length === 0) return {};
  const added = [...new Set(missing)].map((key): ResourceStatus => {
    const { group, kind, namespace, name } = parseObjectKey(key);
    return {
      ...(group === "" ? {} : { group }),
      version: applied.get(key) ?? "",
      kind,
      ...(namespace === "" ? {} : { namespace }),
      name,
      status: "Unknown",
    };
  });
  return { resources: [...resources, ...added] };
}

/** The health of the application whose objects these are. */
export function healthOfAll(compared: readonly ComparedObject[]): Health {
  return rollUpHealth(
    compared
      .filter((object) => object.desired !== undefined)
      .map((object) => ({
        kind: parseObjectKey(object.key).kind,
        group: parseObjectKey(object.key).group,
        health: object.health,
        absent: object.liveVersion === undefined,
        hook: object.hook,
        ignored: object.ignoreHealth,
      })),
  );
}

function syncOf(findings: Findings, app: Application): SyncStatus {
  const { spec } = app;
  return {
    status: findings.syncStatus,
    comparedTo: {
      destination: spec.destination,
      ...comparedSources(app),
      ...(spec.ignoreDifferences === undefined ? {} : { ignoreDifferences: spec.ignoreDifferences }),
    },
    ...revisionOf(findings, app),
  };
}

function comparedSources(
  app: Application,
): Pick<NonNullable<SyncStatus["comparedTo"]>, "source" | "sources"> {
  const { source, sources, sourceHydrator } = app.spec;
  const [hydrated] = sourcesOf(app);
  if (sourceHydrator !== undefined) return hydrated === undefined ? {} : { source: hydrated };
  return { ...(source === undefined ? {} : { source }), ...(sources === undefined ? {} : { sources }) };
}

/** An Application that lists its sources has lists here, too. */
function revisionOf({ revisions }: Findings, app: Application): Pick<SyncStatus, "revision" | "revisions"> {
  if (revisions === undefined) return {};
  return hasSources(app) ? { revisions } : { revision: revisions[0] ?? "" };
}

function sourceTypesOf(
  { sourceTypes }: Findings,
  app: Application,
): Pick<ApplicationStatus, "sourceType" | "sourceTypes"> {
  if (sourceTypes === undefined) return {};
  return hasSources(app) ? { sourceTypes } : { sourceType: sourceTypes[0] ?? "" };
}

function healthOf(health: Health, before: ApplicationHealth | undefined, now: string): ApplicationHealth {
  const same = before?.status === health.status;
  return {
    status: health.status,
    lastTransitionTime: same && before.lastTransitionTime !== undefined ? before.lastTransitionTime : now,
    ...(health.message === undefined ? {} : { message: health.message }),
  };
}

function resourceOf(object: ComparedObject): ResourceStatus {
  const { group, kind, namespace, name } = parseObjectKey(object.key);
  const health = object.liveVersion === undefined ? ({ status: "Missing" } as const) : object.health;
  return {
    ...(group === "" ? {} : { group }),
    version: parseApiVersion(object.apiVersion).version,
    kind,
    ...(namespace === "" ? {} : { namespace }),
    name,
    ...(object.hook ? { hook: true } : { status: object.sync }),
    ...(health === undefined || object.hook ? {} : { health }),
    ...(object.desired === undefined && !object.hook ? { requiresPruning: true } : {}),
    ...(object.needsDeletionConfirmation ? { requiresDeletionConfirmation: true } : {}),
    ...(object.wave === 0 ? {} : { syncWave: object.wave }),
  };
}

function summaryOf(compared: readonly ComparedObject[]): ApplicationSummary {
  const { images, externalURLs } = mergeSummaries(compared.map((object) => object.summary));
  const isAppOfApps = compared.some((object) => object.key.startsWith("argoproj.io/Application/"));
  return {
    ...(images.length === 0 ? {} : { images }),
    ...(externalURLs.length === 0 ? {} : { externalURLs }),
    ...(isAppOfApps ? { isAppOfApps } : {}),
  };
}

/** OutOfSync when any object is; hooks do not count, nor does what left Git and asks not to. */
export function syncStatusOf(compared: readonly ComparedObject[]): "Synced" | "OutOfSync" {
  return compared.some(countsAsOutOfSync) ? "OutOfSync" : "Synced";
}

export function countsAsOutOfSync({ sync, ignoreExtraneous }: ComparedObject): boolean {
  return sync === "OutOfSync" && !ignoreExtraneous;
}

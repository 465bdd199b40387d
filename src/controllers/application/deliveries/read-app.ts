import type { Application, AppKey, OperationState } from "#core/app/index.ts";
import {
  formatAppKey,
  isAutomated,
  joinRevisions,
  parseApplication,
  projectNameOf,
  revisionsOf,
  sourcesOf,
} from "#core/app/index.ts";
import type { AppFacts, Delivery } from "#core/delivery/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { ApplicationDeps } from "../deps.ts";

/** An application, with all that is known of what was delivered to it. */
export interface KnownApp {
  readonly key: AppKey;
  readonly app: Application;
  readonly project: string;
  readonly deliveries: readonly Delivery[];
}

export type ReadDeps = Pick<ApplicationDeps, "hub" | "timeline" | "states" | "redact">;

/** Applications that are read before others get a turn. */
const atOnce = 100;

/** Reads applications one after the other; those that cannot be read are problems. Others get their turn meanwhile. */
export async function readApps(
  keys: readonly AppKey[],
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<{ readonly apps: readonly KnownApp[]; readonly problems: readonly string[] }> {
  const apps: KnownApp[] = [];
  const problems: string[] = [];
  for (const [i, key] of keys.entries()) {
    if (i % atOnce === 0) await new Promise((done) => void setImmediate(done));
    signal.throwIfAborted();
    try {
      const app = readApp(key, deps);
      if (app === undefined) continue;
      apps.push({ key, app, project: projectNameOf(app), deliveries: await deliveriesOf(key, app, deps) });
    } catch (error) {
      if (!isMooringError(error)) throw error;
      problems.push(`${formatAppKey(key)}: ${messageOf(error)}`);
    }
  }
  return { apps, problems };
}

function readApp(key: AppKey, { hub }: ReadDeps): Application | undefined {
  const object = hub.applications.get(key);
  // One that was deleted meanwhile is nowhere.
  return object === undefined ? undefined : parseApplication(object);
}

/** What was noted, and what only the history of the status knows of. */
async function deliveriesOf(
  key: AppKey,
  app: Application,
  { timeline }: Pick<ReadDeps, "timeline">,
): Promise<readonly Delivery[]> {
  const { uid = "" } = app.metadata;
  const noted = timeline === undefined ? [] : await timeline.readDeliveries({ app: key, uid }, 0);
  const applied = new Set(
    noted.flatMap(({ revision, appliedMs }) => (appliedMs === undefined ? [] : [revision])),
  );
  const others = (app.status?.history ?? []).flatMap((entry): readonly Delivery[] => {
    const revision = joinRevisions(revisionsOf(entry));
    if (revision === "" || applied.has(revision)) return [];
    const { deployedAt, deployStartedAt = deployedAt, initiatedBy } = entry;
    const by = initiatedBy?.automated === true ? "automation" : initiatedBy?.username;
    return [{ revision, startedMs: Date.parse(deployStartedAt), appliedMs: Date.parse(deployedAt), by }];
  });
  return [...noted, ...others];
}

/** What an application's status says of one of its sources. */
export function factsOf({ key, app }: KnownApp, source: number, { states, redact }: ReadDeps): AppFacts {
  const { status } = app;
  const { targetRevision = "" } = sourcesOf(app)[source] ?? {};
  const last = status?.history?.at(-1);
  const trouble = status?.conditions?.find(({ type }) => type.endsWith("Error"))?.message ?? "";
  return {
    deployed: last === undefined ? undefined : revisionsOf(last)[source],
    wanted: revisionsOf(status?.sync ?? {})[source],
    follows: targetRevision === "" ? "HEAD" : targetRevision,
    health: status?.health?.status ?? "",
    isAutomated: isAutomated(app),
    trouble: redact(trouble),
    operation: operationOf(states.get(key)?.running?.progress ?? status?.operationState, app, redact),
  };
}

function operationOf(
  operation: OperationState | undefined,
  { status }: Application,
  redact: (text: string) => string,
): AppFacts["operation"] {
  if (operation === undefined) return undefined;
  const { phase, message = "", syncResult } = operation;
  const said = revisionsOf(syncResult ?? {});
  // One that has only begun is for what Git wants.
  const revisions = said.length > 0 ? said : revisionsOf(status?.sync ?? {});
  return { revision: joinRevisions(revisions), phase, message: redact(message) };
}

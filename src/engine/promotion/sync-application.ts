import type { Application, Operation } from "#core/app/index.ts";
import {
  appKeyOf,
  formatAppKey,
  isAutomated,
  operationRevisionsOf,
  parseApplication,
  sourcesOf,
} from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { Promotion, Stage } from "#core/promotion/index.ts";
import { isOperationRunning } from "#core/requests/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { hubTypes } from "../hub-types.ts";
import { patchObject } from "../patch-object.ts";
import { prunes } from "./plan-change.ts";
import { revisionsAt, syncRevisions } from "./stage-sources.ts";

export interface SyncRequest {
  readonly promotion: Promotion;
  readonly stage: Stage;
  readonly cluster: Cluster;
  readonly fieldManager: string;
  readonly signal: AbortSignal;
}

/** Has an Application look at Git now. */
export async function refreshApplication(
  app: Application,
  request: Omit<SyncRequest, "promotion">,
): Promise<void> {
  const { cluster, fieldManager, signal } = request;
  await patchObject(cluster, refOf(app), {
    decide: () => ({ metadata: { annotations: { [annotationKey.refresh]: "normal" } } }),
    fieldManager,
    signal,
  });
}

export type ManualSync =
  | { readonly kind: "none" }
  | { readonly kind: "started" }
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly message: string };

/** Asks for a sync to what was promoted, where automation does not sync; once, and says how that went. */
export async function syncManually(app: Application, request: SyncRequest): Promise<ManualSync> {
  if (isAutomated(app)) return { kind: "none" };
  const { promotion, stage, cluster, fieldManager, signal } = request;
  const own = ownOperation(app, request);
  if (own !== undefined) return own;
  if (isOperationRunning(app)) return { kind: "running" };
  const revisions = revisionsAt(app, stage, promotion.status.commit ?? "");
  await patchObject(cluster, refOf(app), {
    decide: (object) => {
      const current = parseApplication(object);
      if (isOperationRunning(current)) return undefined;
      return { operation: operationFor(current, { promotion, revisions }) as JsonObject };
    },
    fieldManager,
    signal,
  });
  return { kind: "started" };
}

/** How the sync went that this promotion asked for; undefined when it has asked for none yet. */
function ownOperation(app: Application, { promotion }: SyncRequest): ManualSync | undefined {
  const state = app.status?.operationState;
  const { operation, startedAt = "", phase = "Running", message = "" } = state ?? {};
  const { commit = "", writtenAt = "" } = promotion.status;
  if (operation === undefined || startedAt < writtenAt) return undefined;
  if (!operationRevisionsOf(operation, sourcesOf(app).length).includes(commit)) return undefined;
  if (phase === "Running" || phase === "Terminating") return { kind: "running" };
  if (phase === "Succeeded") return { kind: "none" };
  return {
    kind: "failed",
    message: `${formatAppKey(appKeyOf(app))}: its sync ${phase.toLowerCase()}: ${message}`,
  };
}

interface Wanted {
  readonly promotion: Promotion;
  readonly revisions: readonly string[];
}

function operationFor(app: Application, { promotion, revisions }: Wanted): Operation {
  const { syncOptions = [], retry } = app.spec.syncPolicy ?? {};
  return {
    sync: {
      ...syncRevisions(app, revisions),
      prune: prunes(app),
      ...(syncOptions.length === 0 ? {} : { syncOptions }),
    },
    initiatedBy: { username: `promotion ${promotion.name}` },
    ...(retry === undefined ? {} : { retry }),
  };
}

function refOf({ metadata }: Application) {
  const { namespace = "", name } = metadata;
  return { type: hubTypes.application, namespace, name };
}

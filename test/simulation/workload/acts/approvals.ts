import type { Application } from "#core/app/index.ts";
import type { PlanApproval, WaitingPlan } from "#core/approval/index.ts";
import { formatApproval, parseApproval, parseWaitingPlan, pinPlan } from "#core/approval/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { planDigest } from "#engine/plan-hash.ts";
import { formatTime } from "#runtime/clock.ts";
import type { AppModel } from "../apps.ts";
import type { Act, Stage } from "./stage.ts";
import { applicationRef, hubUser, pickApp, readApplication, userWrite } from "./stage.ts";

const lifetimeMs = 10 * 60_000;

/** What people do with plans that wait for their approval. */
export const approvalActs = {
  approve: (stage) => {
    const app = pickApp(stage);
    return app === undefined ? undefined : approve(stage, app, "any");
  },
  revoke: async (stage) => {
    const app = pickApp(stage);
    if (app?.approval === undefined) return;
    stage.note(`revoke the approval of ${app.name}`);
    const patch = { metadata: { annotations: { [annotationKey.approvedPlan]: null } } };
    await hubUser(stage).mergePatch(applicationRef(app.name), patch, userWrite);
  },
} as const satisfies Readonly<Record<string, Act>>;

/** Approves what an Application waits with, or was refused: of any revision, or of the newest alone. */
export async function approve(stage: Stage, app: AppModel, what: "any" | "newest"): Promise<void> {
  const object = app.approval === undefined ? undefined : readApplication(stage, app.name);
  if (object === undefined || isBusy(object)) return;
  const { annotations = {} } = object.metadata;
  // What somebody asked for prunes, too.
  const refused = planIn(app, object, { of: "refused", what });
  const asked = object.status?.operationState?.operation;
  if (refused !== undefined && asked !== undefined) {
    const own = { ...asked, initiatedBy: { username: "grace" } };
    const operation = pinPlan(own, refused.digest) as unknown as JsonObject;
    return write(stage, app, { plan: refused, operation });
  }
  const waiting = planIn(app, object, { of: "waiting", what });
  const given = parseApproval(annotations[annotationKey.approvedPlan], planDigest);
  const isGiven =
    given?.digest === waiting?.digest && (given?.expires ?? "") > formatTime(stage.world.clock.now());
  if (waiting !== undefined && !isGiven) await write(stage, app, { plan: waiting });
}

/** True when the last sync was refused a plan of the newest revision, which somebody has only to approve. */
export function awaitsApproval(app: AppModel, object: Application): boolean {
  return planIn(app, object, { of: "refused", what: "newest" }) !== undefined;
}

interface Searched {
  readonly of: "waiting" | "refused";
  readonly what: "any" | "newest";
}

function planIn(app: AppModel, { metadata }: Application, { of, what }: Searched): WaitingPlan | undefined {
  const key = of === "waiting" ? annotationKey.waitingPlan : annotationKey.refusedPlan;
  const found = parseWaitingPlan(metadata.annotations?.[key], planDigest);
  const head = app.content.commitsOf(app.branch).at(-1);
  return what === "any" || found?.plan?.scope.revision === head ? found : undefined;
}

interface Writing {
  readonly plan: WaitingPlan;
  readonly operation?: JsonObject;
}

async function write(
  stage: Stage,
  app: AppModel,
  { plan: { digest, plan }, operation }: Writing,
): Promise<void> {
  const nowMs = stage.world.clock.now();
  const approval: PlanApproval = {
    digest,
    by: "grace",
    at: formatTime(nowMs),
    expires: formatTime(nowMs + lifetimeMs),
    plan,
  };
  stage.note(`approve ${digest.slice(0, 15)} of ${app.name}`);
  const metadata = { annotations: { [annotationKey.approvedPlan]: formatApproval(approval) } };
  const patch = { metadata, ...(operation === undefined ? {} : { operation }) };
  await hubUser(stage).mergePatch(applicationRef(app.name), patch, userWrite);
}

function isBusy({ operation, status }: Application): boolean {
  return operation !== undefined || ["Running", "Terminating"].includes(status?.operationState?.phase ?? "");
}

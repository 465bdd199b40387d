import type { Application } from "#core/app/index.ts";
import {
  appKeyOf,
  formatUnsupported,
  isAutomated,
  parseApplication,
  unsupportedFields,
} from "#core/app/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { Action, SyncPlan } from "#core/sync/index.ts";
import { actionsOf } from "#core/sync/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { CliHub } from "../hub.ts";
import { makePlan } from "../make-plan.ts";
import type { CliPorts } from "../ports.ts";
import { shareSources } from "./shared-sources.ts";

/** One object that a sync would change, and why. */
export interface ForeseenChange {
  readonly key: ObjectKey;
  readonly verb: "create" | "change" | "prune";
  readonly fields: readonly string[];
}

/** What Mooring would do with an Application. */
export interface ForeseenApplication {
  /** `namespace/name`. */
  readonly name: string;
  readonly automated: boolean;
  readonly objects: number;
  readonly changes: readonly ForeseenChange[];
  /** Of what it has in Git and another application has by its mark: a sentence for each object. They are not among `objects`. */
  readonly leftToOthers: readonly string[];
  /** What a guard says to the plan. */
  readonly refusals: readonly string[];
  /** An operation runs or waits, which Mooring would go on with. */
  readonly operation: boolean;
  /** Fields that have no effect. */
  readonly withoutEffect: readonly string[];
  /** Why nothing can be said about it. */
  readonly failure: string | undefined;
}

const concurrency = 4;

/** Renders and compares every Application and plans the sync that Mooring would run; nothing is written. What fails is said of its Application. */
export async function planApplications(
  objects: readonly KubeObject[],
  { hub, ports }: { readonly hub: CliHub; readonly ports: CliPorts },
): Promise<readonly ForeseenApplication[]> {
  await using shared = shareSources(ports);
  const context = { hub, ports: shared.ports };
  return await mapLimit(objects, concurrency, (object) => foresee(object, context));
}

async function foresee(
  object: KubeObject,
  context: { readonly hub: CliHub; readonly ports: CliPorts },
): Promise<ForeseenApplication> {
  const nothing = {
    objects: 0,
    changes: [],
    leftToOthers: [],
    refusals: [],
    withoutEffect: [],
    operation: false,
    automated: false,
  };
  const name = appKeyOf(object);
  try {
    const app = parseApplication(object);
    const about = {
      name,
      automated: isAutomated(app),
      operation: app.operation !== undefined || isRunning(app),
      withoutEffect: unsupportedFields(app).map((field) => formatUnsupported(field)),
    };
    try {
      const { plan } = await makePlan(app, {
        ...context,
        operation: operationOf(app),
        revisions: [],
        local: undefined,
      });
      return { ...about, failure: undefined, ...viewPlan(plan) };
    } catch (error) {
      if (!isMooringError(error)) throw error;
      return { ...nothing, ...about, failure: messageOf(error) };
    }
  } catch (error) {
    if (!isMooringError(error)) throw error;
    return { ...nothing, name, failure: messageOf(error) };
  }
}

function isRunning({ status }: Application): boolean {
  const phase = status?.operationState?.phase;
  return phase === "Running" || phase === "Terminating";
}

/** The sync that an automated application would start, or that somebody starts without further flags. */
function operationOf(app: Application) {
  const { automated, syncOptions = [] } = app.spec.syncPolicy ?? {};
  const prune = isAutomated(app) && automated?.prune === true;
  return {
    sync: { ...(prune ? { prune: true } : {}), ...(syncOptions.length === 0 ? {} : { syncOptions }) },
  };
}

function viewPlan(
  plan: SyncPlan,
): Pick<ForeseenApplication, "objects" | "changes" | "leftToOthers" | "refusals"> {
  const actions = [...actionsOf(...plan.waves), ...plan.skipped];
  const left = plan.skipped.filter(({ because }) => because === "owned-by-other");
  return {
    objects: actions.length - left.length,
    changes: actions.flatMap((action) => changeOf(action) ?? []),
    leftToOthers: left.map(({ message }) => message),
    refusals: plan.refusals.map(({ message }) => message),
  };
}

/** Only what puts an application out of sync; hooks and owners of fields come with a sync, and are no reason for one. */
function changeOf(action: Action): ForeseenChange | undefined {
  const { key } = action;
  if (action.verb === "prune") return { key, verb: "prune", fields: [] };
  if (action.verb !== "apply") return undefined;
  if (action.because === "missing") return { key, verb: "create", fields: [] };
  return action.because === "drift" ? { key, verb: "change", fields: action.drift } : undefined;
}

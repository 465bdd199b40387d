import type { Application, Operation } from "#core/app/index.ts";
import { checkDestination, checkResource } from "#core/project/index.ts";
import { formatObjectKey, parseObjectKey } from "#core/object/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import type { HookResult, PlanInput, PlannedObject, SyncPlan } from "#core/sync/index.ts";
import { isSelected, planSync } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { ComparedObject } from "./compare.ts";
import { formatTime } from "#runtime/clock.ts";
import type { AppContext } from "./app-context.ts";
import { namespaceKeyOf, planOptionsOf } from "./sync-options.ts";

export interface OperationInput {
  readonly context: AppContext;
  readonly operation: Operation;
  readonly revision: string;
  readonly startedAtMs: number;
  readonly compared: readonly ComparedObject[];
  /** What this operation did before a restart or in earlier attempts. */
  readonly applied: ReadonlySet<ObjectKey>;
  readonly hooks: readonly HookResult[];
  /** It was interrupted by a restart. */
  readonly resumed: boolean;
}

/** The plan of one operation. Objects that the project forbids make a refusal each: nothing of the plan is run then. */
export function planOperation(input: OperationInput): SyncPlan {
  const { context, operation } = input;
  const { live } = context;
  const namespaceKey = namespaceKeyOf(context.app, operation);
  const namespace = namespaceKey === undefined ? undefined : live.get(namespaceKey);
  const options = planOptionsOf({ app: context.app, operation, namespace });
  const plan = planSync({
    app: context.instance,
    objects: input.compared.flatMap((object) => plannedOf(object, context)),
    inventory: inventoryOf(input.compared, context),
    operation: {
      revision: input.revision,
      startedAtMs: input.startedAtMs,
      deletionApprovedAtMs: deletionApprovedAt(context.app),
      applied: input.applied,
      hooks: input.hooks,
      resumedSince: input.resumed ? formatTime(input.startedAtMs) : undefined,
    },
    options,
  });
  const denials = [...denialsOf(input), ...unreachableOf(input.compared, options)];
  return denials.length === 0 ? plan : { ...plan, refusals: [...denials, ...plan.refusals] };
}

function plannedOf(object: ComparedObject, { live }: AppContext): readonly PlannedObject[] {
  if (object.desired === undefined) return [];
  return [
    {
      key: object.key,
      desired: object.desired.read(),
      live: live.get(object.key),
      verdict: {
        sync: object.sync,
        drift: object.drift.map(({ path }) => path),
        ignored: object.ignored.map(({ path }) => path),
        needsApply: object.needsApply,
      },
      owner: object.owner,
      kindServed: object.desired.type !== undefined,
    },
  ];
}

function inventoryOf(compared: readonly ComparedObject[], { live }: AppContext): PlanInput["inventory"] {
  return compared
    .filter((object) => object.liveVersion !== undefined)
    .map((object) => ({ key: object.key, live: live.get(object.key), trackedByUs: object.trackedByUs }));
}

/** What is outside of what the cluster is restricted to could be written blindly at best: each such object is a refusal. */
function unreachableOf(
  compared: readonly ComparedObject[],
  { selected }: PlanInput["options"],
): SyncPlan["refusals"] {
  return compared
    .filter(
      (object) => object.unreachable && object.desired !== undefined && isSelected(object.key, selected),
    )
    .map(({ refused = "" }) => ({
      guard: "unreachable",
      message: refused,
      override: "sync the other resources only",
    }));
}

/** When deletions were approved on the Application, Unix milliseconds; undefined when they were not. */
export function deletionApprovedAt(app: Application): number | undefined {
  const text = app.metadata.annotations?.[annotationKey.deletionApproved];
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** What the project does not permit, one refusal for each object. */
function denialsOf({ context, compared, operation }: OperationInput): SyncPlan["refusals"] {
  const namespace = namespaceKeyOf(context.app, operation);
  const keys = compared
    .filter((object) => object.desired !== undefined)
    .map((object) => ({ key: object.key, namespaced: object.desired?.type?.namespaced }));
  const created = namespace === undefined ? [] : [{ key: namespace, namespaced: false as const }];
  return [...keys, ...created].flatMap((object) => {
    // CreateNamespace=true is the project's own destination; Argo CD lets it pass without a whitelist entry.
    const denial = denialOf(object, context, { anyKind: object.key === namespace });
    return denial === undefined
      ? []
      : [{ guard: "project" as const, message: denial.message, override: denial.remedy }];
  });
}

/** Why the project does not permit an object, and what would let it; undefined when it does. */
export function denialOf(
  { key, namespaced }: { readonly key: ObjectKey; readonly namespaced: boolean | undefined },
  { app, project, target }: AppContext,
  { anyKind = false }: { readonly anyKind?: boolean } = {},
): { readonly message: string; readonly remedy: string } | undefined {
  const parts = parseObjectKey(key);
  const resource = anyKind
    ? undefined
    : checkResource(project, { ...parts, namespaced: namespaced ?? parts.namespace !== "" });
  const isHome = parts.namespace === "" || parts.namespace === app.spec.destination.namespace;
  const place = isHome
    ? undefined
    : checkDestination(project, { cluster: target, namespace: parts.namespace }, formatObjectKey(key));
  const denial = resource ?? place;
  if (denial === undefined) return undefined;
  const remedy = `change ${denial.field} of AppProject ${project.metadata.name}, or remove the object from Git`;
  return { message: denial.message, remedy };
}

import type { Application, Operation } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { defaultProject } from "#core/project/index.ts";
import type { PlanRecord, SyncPlan } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { compareApp } from "#engine/compare.ts";
import type { ComparisonRules } from "#engine/comparison-rules.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { Desired } from "#engine/desired.ts";
import { createPlanHash, renderSeedOf } from "#engine/plan-hash.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { createPollingStore } from "#engine/polling-store.ts";
import type { InventoryPlace, KeptInventory } from "#engine/push/inventory-store.ts";
import { readInventory } from "#engine/push/inventory-store.ts";
import { recordOperation } from "#engine/record-operation.ts";
import type { HealthJudge } from "#engine/scripted-health.ts";
import { HealthChecks } from "#engine/scripted-health.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";
import { formatTime } from "#runtime/clock.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { randomText } from "#runtime/random-text.ts";
import { renderDesired } from "../desired.ts";
import type { CliPorts } from "../ports.ts";
import { syncFieldsOf } from "../sync-fields.ts";
import { adviseOnKeys } from "./data-keys.ts";
import type { PushValues } from "./flags.ts";
import type { PushPlace } from "./open-push.ts";
import type { PushSubject } from "./read-subject.ts";
import { refuseManaged } from "./refuse-managed.ts";

export interface PushRequest {
  readonly subject: PushSubject;
  readonly place: PushPlace;
  readonly flags: PushValues;
  readonly ports: CliPorts;
}

/** A push that is planned: all that its run needs. */
export interface PreparedPush {
  readonly context: AppContext;
  readonly desired: Desired;
  readonly compared: readonly ComparedObject[];
  readonly rules: ComparisonRules;
  readonly health: HealthJudge;
  readonly plan: SyncPlan;
  readonly record: PlanRecord;
  readonly kept: KeptInventory;
  readonly inventoryPlace: InventoryPlace;
  /** The key that the cluster keeps with the inventory, or will keep. */
  readonly secretKey: string;
}

/** Of what is compared, which need not be read again. */
const claimant = "push";
const keyLength = 43;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Renders, compares and plans as the controller does; nothing is written. Throws SYNC_REFUSED where something else manages the application. */
export async function preparePush(request: PushRequest, signal: AbortSignal): Promise<PreparedPush> {
  const { subject, place, flags, ports } = request;
  const inventoryPlace = inventoryPlaceOf(request, signal);
  const kept = await readInventory(inventoryPlace);
  const secretKey = kept.secretKey ?? randomText(keyLength, letters);
  const app = inMemory(request, kept);
  const operation: Operation = { sync: operationOf(app, flags) };
  const references = resolve(app, place);
  await refuseManaged(references, place, signal);
  const found = await comparePush(references, request, { operation, secretKey, signal });
  refuseUnknownOrigin(request, kept, found.compared);
  const plan = planOperation({
    context: found.context,
    operation,
    revision: subject.local === undefined ? found.desired.revision : "local",
    startedAtMs: ports.clock.now(),
    compared: found.compared,
    applied: new Set(),
    hooks: [],
    resumed: false,
  });
  const record = recordOperation(plan, { ...found, hash: createPlanHash(kept.secretKey) });
  return { ...found, plan, record, kept, inventoryPlace, secretKey };
}

interface Comparison {
  readonly operation: Operation;
  readonly secretKey: string;
  readonly signal: AbortSignal;
}

type ComparedPush = Pick<PreparedPush, "context" | "desired" | "compared" | "rules" | "health">;

async function comparePush(
  references: AppReferences,
  { subject, place: { cluster }, ports }: PushRequest,
  { operation, secretKey, signal }: Comparison,
): Promise<ComparedPush> {
  const { app, settings, instance, tracking } = references;
  const desired = await renderDesired(references, {
    target: cluster,
    revisions: [],
    ports,
    local: subject.local,
    seedSecret: renderSeedOf(secretKey),
  }).catch((error: unknown) => {
    throw adviseOnKeys(error);
  });
  const scripts = await ports.startScripts();
  const rules = comparisonRulesOf({ ...references, operation, scripts });
  const checks = new HealthChecks({ scripts, clock: ports.clock, secretHash: ports.hashSecret });
  const health = checks.judgeBy(settings.healthScripts, instance);
  const live = createPollingStore(cluster, { clock: ports.clock, signal });
  const namespace = namespaceKeyOf(app, operation);
  const compared = await compareApp({
    claimant,
    desired,
    inventory: [...inventoryOf(app), ...(namespace === undefined ? [] : [namespace])],
    live,
    tracking,
    secretHash: ports.hashSecret,
    verdicts: new Map(),
    rules,
    health,
    signal,
  });
  live.release(claimant);
  return { context: { ...references, live }, desired, compared, rules, health };
}

export function inventoryPlaceOf({ subject, place }: PushRequest, signal: AbortSignal): InventoryPlace {
  const { name: own, namespace, appNamespace = place.controlPlane } = subject;
  // Applications of other namespaces may have the same name.
  const app = appNamespace === place.controlPlane ? own : `${appNamespace}.${own}`;
  return { cluster: place.cluster, namespace, app, signal };
}

/** The Application as it would be if a control plane had it, with what was pushed before as its resources. */
function inMemory({ subject, place, flags, ports }: PushRequest, kept: KeptInventory): Application {
  const { metadata, spec } = subject.app;
  const { server = "" } = place.config.clusters[0] ?? {};
  const approved =
    flags["confirm-deletion"] === true
      ? { [annotationKey.deletionApproved]: formatTime(ports.clock.now() + 1_000) }
      : {};
  return {
    ...subject.app,
    metadata: {
      ...metadata,
      namespace: subject.appNamespace ?? place.controlPlane,
      annotations: { ...metadata.annotations, ...approved },
    },
    spec: { ...spec, destination: { server, namespace: subject.namespace } },
    status: { resources: kept.keys.map((key) => ({ ...parseObjectKey(key) })) },
  };
}

function operationOf(app: Application, flags: PushValues): NonNullable<Operation["sync"]> {
  const none = {
    resource: [],
    revision: undefined,
    revisions: [],
    "source-positions": [],
    "source-names": [],
    local: undefined,
    "local-repo-root": undefined,
    "ignore-dependencies": undefined,
  };
  return syncFieldsOf(app, { ...flags, ...none }, { dryRun: false });
}

/** Without a control plane no project restricts anything: what the kubeconfig's user may do is what counts. */
function resolve(app: Application, { config, controlPlane }: PushPlace): AppReferences {
  const { spec, ...permissive } = defaultProject(controlPlane);
  const resolved = resolveReferences(app, {
    config,
    namespace: controlPlane,
    findProject: (name) => ({
      ...permissive,
      metadata: { ...permissive.metadata, name },
      spec: { ...spec, sourceNamespaces: ["*"] },
    }),
    compilePattern,
  });
  if (resolved.ok) return resolved.references;
  throw new MooringError("APP_INVALID", [...new Set(resolved.problems)].join("\n"));
}

/** Objects with our mark that we never pushed are another one's: an Application of another control plane, or of another namespace. */
function refuseUnknownOrigin(
  { subject, flags }: PushRequest,
  { secret }: KeptInventory,
  compared: readonly ComparedObject[],
): void {
  if (secret !== undefined || flags.adopt === true) return;
  const marked = compared.filter((one) => one.desired !== undefined && one.trackedByUs && !one.hook);
  const [first] = marked;
  if (first === undefined) return;
  const { kind, name } = parseObjectKey(first.key);
  const more = marked.length === 1 ? "" : ` and ${marked.length - 1} more`;
  throw new MooringError(
    "SYNC_REFUSED",
    `application ${subject.name}: ${kind}/${name}${more} carry its mark already, and nothing of that name was pushed to namespace ${subject.namespace}: some control plane may manage them, and would undo what is applied here; delete its Application without --cascade and give --adopt, or choose another --name`,
  );
}

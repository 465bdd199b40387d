import type { Application, Operation } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type {
  NamespaceToCreate,
  ObjectSyncOptions,
  PlanOptions,
  PrunePropagation,
} from "#core/sync/index.ts";
import { defaultObjectSyncOptions, resolvePlanOptions } from "#core/sync/index.ts";

/** `Name=value` entries; of one name the last counts. */
function parseSyncOptions(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf("=");
      return at < 0 ? [entry.trim(), ""] : [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
    }),
  );
}

/** The operation's own options win over the application's, whole. */
export function syncOptionsOf(
  app: Application,
  operation: Operation | undefined,
): ReadonlyMap<string, string> {
  return parseSyncOptions(operation?.sync?.syncOptions ?? app.spec.syncPolicy?.syncOptions ?? []);
}

const propagations: ReadonlyMap<string, PrunePropagation> = new Map([
  ["foreground", "Foreground"],
  ["background", "Background"],
  ["orphan", "Orphan"],
]);

function deletionRule(value: string | undefined): ObjectSyncOptions["prune"] {
  if (value === "false") return "disabled";
  return value === "confirm" ? "confirm" : "allowed";
}

/** The application's sync options as defaults for its objects. */
export function objectDefaultsOf(options: ReadonlyMap<string, string>, force: boolean): ObjectSyncOptions {
  const on = (name: string) => options.get(name) === "true";
  return {
    ...defaultObjectSyncOptions,
    prune: deletionRule(options.get("Prune")),
    delete: deletionRule(options.get("Delete")),
    pruneLast: on("PruneLast"),
    replace: on("Replace"),
    force: force || on("Force"),
    validate: options.get("Validate") !== "false",
    skipDryRunOnMissingResource: on("SkipDryRunOnMissingResource"),
    migrateOwnership: options.get("ClientSideApplyMigration") !== "false",
    takeOwnership: on("TakeOwnership"),
  };
}

export interface PlanOptionsRequest {
  readonly app: Application;
  readonly operation: Operation;
  /** The live destination namespace, when CreateNamespace=true asks for it. */
  readonly namespace: KubeObject | undefined;
}

/** The options of one operation, from the operation itself and the application's policy. */
export function planOptionsOf({ app, operation, namespace }: PlanOptionsRequest): PlanOptions {
  const sync = operation.sync ?? {};
  const options = syncOptionsOf(app, operation);
  const on = (name: string) => options.get(name) === "true";
  const strategy = sync.syncStrategy?.apply ?? sync.syncStrategy?.hook;
  const propagation = propagations.get((options.get("PrunePropagationPolicy") ?? "").toLowerCase());
  const allowEmpty = on("AllowEmpty") || app.spec.syncPolicy?.automated?.allowEmpty === true;
  return resolvePlanOptions({
    objectDefaults: objectDefaultsOf(options, strategy?.force ?? false),
    prune: sync.prune ?? false,
    dryRun: sync.dryRun ?? false,
    applyOutOfSyncOnly: on("ApplyOutOfSyncOnly"),
    ...(propagation === undefined ? {} : { prunePropagation: propagation }),
    pruneBeforeHealthy: on("PruneBeforeHealthy"),
    failOnSharedResource: on("FailOnSharedResource"),
    createNamespace: on("CreateNamespace") ? namespaceToCreate(app, namespace) : undefined,
    selected: selectorsOf(operation),
    skipHooks: sync.syncStrategy?.apply !== undefined,
    allowEmpty,
    allowMassPrune: on("AllowMassPrune"),
  });
}

function namespaceToCreate(app: Application, live: KubeObject | undefined): NamespaceToCreate | undefined {
  const name = app.spec.destination.namespace ?? "";
  if (name === "") return undefined;
  const metadata = app.spec.syncPolicy?.managedNamespaceMetadata;
  return { name, live, labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} };
}

/** The key of the destination namespace when CreateNamespace=true. */
export function namespaceKeyOf(app: Application, operation: Operation) {
  const name = app.spec.destination.namespace ?? "";
  if (name === "" || syncOptionsOf(app, operation).get("CreateNamespace") !== "true") return undefined;
  return objectKey({ group: "", kind: "Namespace", namespace: "", name });
}

function selectorsOf(operation: Operation): PlanOptions["selected"] {
  const resources = operation.sync?.resources;
  if (resources === undefined || resources.length === 0) return undefined;
  return resources.map((one) => ({
    group: one.group ?? "",
    kind: one.kind,
    name: one.name,
    namespace: one.namespace,
  }));
}

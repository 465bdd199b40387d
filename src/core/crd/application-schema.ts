import {
  array,
  boolean,
  choice,
  integer,
  map,
  object,
  openObject,
  required,
  string,
  time,
} from "./schema.ts";
import { directorySchema, helmSchema, kustomizeSchema, pluginSchema, sourceSchema } from "./source-schema.ts";

const infoSchema = array(
  object({ name: required(string()), value: required(string()) }),
  "Facts for people; a URL becomes a link",
);

export const destinationSchema = object(
  {
    server: string("API server URL of the cluster; either this or name"),
    name: string("Name of the cluster; either this or server"),
    namespace: string("Namespace of objects that name none"),
  },
  "Cluster and namespace to deploy to",
);

const ignoreDifferencesSchema = array(
  object({
    group: string(),
    kind: required(string()),
    name: string(),
    namespace: string(),
    jsonPointers: array(string(), "Fields to ignore, as JSON pointers"),
    jqPathExpressions: array(string(), "Fields to ignore, as jq paths"),
    managedFieldsManagers: array(string(), "Ignore the fields that these field managers own"),
  }),
  "Fields of live objects that are not compared",
);

export const retrySchema = object(
  {
    limit: integer("Attempts after the first; negative for no limit"),
    refresh: boolean("Retry with the newest revision instead of the first one"),
    backoff: object({
      duration: string("Wait before the first retry: 5s, 1m, 1h; plain numbers are seconds"),
      factor: integer("Multiplies the wait after every retry"),
      maxDuration: string("Longest wait"),
    }),
  },
  "Repeat a failed sync",
);

const managedNamespaceMetadataSchema = object(
  { labels: map(string()), annotations: map(string()) },
  "Labels and annotations of the namespace that CreateNamespace=true creates",
);

const syncPolicySchema = object(
  {
    automated: object(
      {
        prune: boolean("Delete what left Git"),
        selfHeal: boolean("Undo changes made in the cluster"),
        allowEmpty: boolean("Accept a source that renders to nothing"),
        enabled: boolean("False turns automated sync off and keeps its settings"),
      },
      "Sync without being asked",
    ),
    syncOptions: array(string(), "Options as Name=value, such as CreateNamespace=true"),
    retry: retrySchema,
    managedNamespaceMetadata: managedNamespaceMetadataSchema,
  },
  "When and how to sync",
);

const sourceHydratorSchema = object(
  {
    drySource: required(
      object({
        repoURL: required(string()),
        path: required(string()),
        targetRevision: required(string()),
        directory: directorySchema,
        helm: helmSchema,
        kustomize: kustomizeSchema,
        plugin: pluginSchema,
      }),
    ),
    syncSource: required(
      object({
        targetBranch: required(string("Branch that holds the rendered manifests")),
        path: required(
          string("Directory of the rendered manifests, never the repository's root", {
            minLength: 1,
            pattern: "^.{2,}|[^./]$",
          }),
        ),
        repoURL: string("Repository of the rendered manifests; the dry source's by default"),
      }),
    ),
    hydrateTo: object({ targetBranch: required(string()) }, "Branch to push to before promotion"),
  },
  "Render to a branch and sync from there",
);

export const applicationSpecSchema = object(
  {
    project: required(string("AppProject that says what is permitted")),
    destination: required(destinationSchema),
    source: sourceSchema,
    sources: array(sourceSchema, "Several sources; wins over source"),
    sourceHydrator: sourceHydratorSchema,
    syncPolicy: syncPolicySchema,
    ignoreDifferences: ignoreDifferencesSchema,
    info: infoSchema,
    revisionHistoryLimit: integer("How many syncs to remember; 10 by default"),
  },
  "What to deploy where",
);

const initiatedBySchema = object({
  username: string("Who asked"),
  automated: boolean("True when the controller started it itself"),
});

const syncOperationSchema = object(
  {
    revision: string("Revision to sync to; the target revision by default"),
    revisions: array(string(), "Revisions by source"),
    prune: boolean("Delete what left Git"),
    dryRun: boolean("Only say what would be done"),
    syncStrategy: object({
      apply: object({ force: boolean("Delete and create again what cannot be changed") }),
      hook: object({ force: boolean("Delete and create again what cannot be changed") }),
    }),
    resources: array(
      object({
        group: string(),
        kind: required(string()),
        name: required(string()),
        namespace: string(),
      }),
      "Only these objects",
    ),
    source: sourceSchema,
    sources: array(sourceSchema, "Sources in place of the spec's"),
    manifests: array(string(), "Manifests in place of the source's"),
    syncOptions: array(string(), "Options in place of the spec's"),
    autoHealAttemptsCount: integer("How often this revision was self-healed in a row"),
  },
  "A sync to run now",
);

export const operationSchema = object(
  { sync: syncOperationSchema, initiatedBy: initiatedBySchema, info: infoSchema, retry: retrySchema },
  "A request to the controller, which removes it when it starts",
);

export const syncStatusCodes = ["Synced", "OutOfSync", "Unknown"] as const;
const healthStatuses = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"] as const;
const operationPhases = ["Running", "Terminating", "Succeeded", "Failed", "Error"] as const;

export const healthSchema = object({
  status: choice(healthStatuses, { otherwise: "Unknown" }),
  message: string(),
  lastTransitionTime: time(),
});

export const resourceStatusSchema = object({
  group: string(),
  version: string(),
  kind: string(),
  namespace: string(),
  name: string(),
  status: choice(syncStatusCodes),
  health: healthSchema,
  hook: boolean(),
  requiresPruning: boolean(),
  requiresDeletionConfirmation: boolean(),
  syncWave: integer(),
});

export const conditionSchema = object({
  type: required(string()),
  message: required(string()),
  lastTransitionTime: time(),
});

export const revisionHistorySchema = object({
  id: required(integer("Grows by one with every entry")),
  deployedAt: required(time()),
  deployStartedAt: time(),
  revision: string(),
  revisions: array(string()),
  source: sourceSchema,
  sources: array(sourceSchema),
  initiatedBy: initiatedBySchema,
});

export const resourceResultSchema = object({
  group: required(string()),
  version: required(string()),
  kind: required(string()),
  namespace: required(string()),
  name: required(string()),
  status: choice(["Synced", "SyncFailed", "Pruned", "PruneSkipped"]),
  message: string(),
  hookType: string(),
  hookPhase: choice(operationPhases),
  syncPhase: string(),
  images: array(string()),
});

export const operationStateSchema = object({
  operation: required(operationSchema),
  phase: required(choice(operationPhases, { otherwise: "Error" })),
  message: string(),
  startedAt: required(time()),
  finishedAt: time(),
  retryCount: integer(),
  syncResult: object({
    revision: required(string()),
    revisions: array(string()),
    source: sourceSchema,
    sources: array(sourceSchema),
    resources: array(resourceResultSchema),
    managedNamespaceMetadata: managedNamespaceMetadataSchema,
  }),
});

const hydratorStatusSchema = object({
  currentOperation: object({
    phase: required(choice(["Hydrating", "Failed", "Hydrated"], { otherwise: "Failed", enforced: true })),
    message: required(string()),
    drySHA: string(),
    hydratedSHA: string(),
    startedAt: time(),
    finishedAt: time(),
    sourceHydrator: sourceHydratorSchema,
  }),
  lastSuccessfulOperation: object({
    drySHA: string(),
    hydratedSHA: string(),
    sourceHydrator: sourceHydratorSchema,
  }),
  lastComparedDryRevision: string(),
});

export const applicationStatusSchema = object(
  {
    sync: object({
      status: required(choice(syncStatusCodes, { otherwise: "Unknown" })),
      revision: string(),
      revisions: array(string()),
      comparedTo: object({
        destination: required(destinationSchema),
        source: sourceSchema,
        sources: array(sourceSchema),
        ignoreDifferences: ignoreDifferencesSchema,
      }),
    }),
    health: healthSchema,
    resources: array(resourceStatusSchema),
    conditions: array(conditionSchema),
    history: array(revisionHistorySchema),
    operationState: operationStateSchema,
    summary: object({
      externalURLs: array(string()),
      images: array(string()),
      isAppOfApps: boolean(),
    }),
    reconciledAt: time(),
    observedAt: time(),
    sourceType: string(),
    sourceTypes: array(string()),
    controllerNamespace: string(),
    resourceHealthSource: string(),
    sourceHydrator: hydratorStatusSchema,
  },
  "What the controller last saw and did",
);

export const applicationSchema = openObject({
  spec: required(applicationSpecSchema),
  operation: operationSchema,
  status: applicationStatusSchema,
});

import type { Infer } from "#core/crd/schema.ts";
import type {
  applicationSpecSchema,
  applicationStatusSchema,
  conditionSchema,
  destinationSchema,
  operationSchema,
  operationStateSchema,
  resourceResultSchema,
  resourceStatusSchema,
  revisionHistorySchema,
  retrySchema,
  syncStatusCodes,
} from "#core/crd/application-schema.ts";
import type { sourceSchema } from "#core/crd/source-schema.ts";
import type { KubeObject, ObjectMeta } from "#core/object/index.ts";

/** Argo CD's Application (`argoproj.io/v1alpha1`), checked by `parseApplication`. The fields are described in `core/crd`. */
export interface Application extends KubeObject {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "Application";
  readonly metadata: ObjectMeta & { readonly name: string };
  readonly spec: ApplicationSpec;
  readonly operation?: Operation;
  readonly status?: ApplicationStatus;
}

export type ApplicationSpec = Infer<typeof applicationSpecSchema>;
export type ApplicationSource = Infer<typeof sourceSchema>;
export type Destination = Infer<typeof destinationSchema>;
export type RetryPolicy = Infer<typeof retrySchema>;
export type Operation = Infer<typeof operationSchema>;

export type ApplicationStatus = Infer<typeof applicationStatusSchema>;
export type OperationState = Infer<typeof operationStateSchema>;
export type ResourceResult = Infer<typeof resourceResultSchema>;
export type ResourceStatus = Infer<typeof resourceStatusSchema>;
export type RevisionHistory = Infer<typeof revisionHistorySchema>;
export type ApplicationCondition = Infer<typeof conditionSchema>;
export type SyncStatus = NonNullable<ApplicationStatus["sync"]>;
export type SyncStatusCode = (typeof syncStatusCodes)[number];
export type ApplicationHealth = NonNullable<ApplicationStatus["health"]>;
export type ApplicationSummary = NonNullable<ApplicationStatus["summary"]>;

import type { Infer } from "#core/crd/schema.ts";
import type { projectSpecSchema, projectStatusSchema } from "#core/crd/project-schema.ts";
import type { KubeObject, ObjectMeta } from "#core/object/index.ts";

/** Argo CD's AppProject (`argoproj.io/v1alpha1`), checked by `parseProject`. The fields are described in `core/crd`. */
export interface AppProject extends KubeObject {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "AppProject";
  readonly metadata: ObjectMeta & { readonly name: string };
  readonly spec: AppProjectSpec;
  readonly status?: AppProjectStatus;
}

export type AppProjectSpec = Infer<typeof projectSpecSchema>;
type AppProjectStatus = Infer<typeof projectStatusSchema>;
export type ProjectDestination = NonNullable<AppProjectSpec["destinations"]>[number];

import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { applicationSchema } from "./application-schema.ts";
import { applicationSetSchema } from "./application-set-schema.ts";
import { imageAutomationSchema, mooringGroup } from "./image-automation-schema.ts";
import { formatOpenApi } from "./openapi.ts";
import { projectSchema } from "./project-schema.ts";
import type { ObjectSchema } from "./schema.ts";
import { string } from "./schema.ts";
import { pipelineSchema, promotionSchema } from "#core/promotion/pipeline-schema.ts";

interface Kind {
  readonly kind: string;
  /** Argo CD's unless told. */
  readonly group?: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly schema: ObjectSchema;
  readonly printerColumns?: readonly JsonObject[];
  readonly statusSubresource?: true;
  /** Why the spec may not change after it was created. */
  readonly fixedSpec?: string;
  /** Written by controllers alone, many times a second in a large fleet: the API server takes it as it is. */
  readonly openStatus?: true;
}

const kinds: readonly Kind[] = [
  {
    kind: "Application",
    shortNames: ["app", "apps"],
    description: "What is in Git, deployed to a cluster and kept there",
    schema: applicationSchema,
    openStatus: true,
    printerColumns: [
      { jsonPath: ".status.sync.status", name: "Sync Status", type: "string" },
      { jsonPath: ".status.health.status", name: "Health Status", type: "string" },
      { jsonPath: ".status.sync.revision", name: "Revision", priority: 10, type: "string" },
      { jsonPath: ".spec.project", name: "Project", priority: 10, type: "string" },
    ],
  },
  {
    kind: "ApplicationSet",
    shortNames: ["appset", "appsets"],
    description: "Applications made from a template and parameters",
    schema: applicationSetSchema,
    statusSubresource: true,
  },
  {
    kind: "AppProject",
    shortNames: ["appproj", "appprojs"],
    description: "What a group of Applications may deploy, from where and to where",
    schema: projectSchema,
  },
  {
    kind: "Pipeline",
    group: mooringGroup,
    shortNames: ["pipe"],
    description: "How revisions get from one environment to the next",
    schema: pipelineSchema,
    statusSubresource: true,
    printerColumns: [
      { jsonPath: ".spec.project", name: "Project", type: "string" },
      { jsonPath: ".status.message", name: "Message", type: "string" },
      { jsonPath: ".metadata.creationTimestamp", name: "Age", type: "date" },
    ],
  },
  {
    kind: "Promotion",
    group: mooringGroup,
    shortNames: ["promo"],
    description: "One step of one stage of a Pipeline to one revision",
    schema: promotionSchema,
    statusSubresource: true,
    fixedSpec: "a promotion never changes; make another one",
    printerColumns: [
      { jsonPath: ".spec.pipeline", name: "Pipeline", type: "string" },
      { jsonPath: ".spec.stage", name: "Stage", type: "string" },
      { jsonPath: ".spec.kind", name: "Kind", type: "string" },
      { jsonPath: ".status.phase", name: "Phase", type: "string" },
      { jsonPath: ".spec.revision", name: "Revision", priority: 10, type: "string" },
      { jsonPath: ".metadata.creationTimestamp", name: "Age", type: "date" },
    ],
  },
  {
    kind: "ImageAutomation",
    group: mooringGroup,
    shortNames: ["imgauto"],
    description: "Images that are kept new in Git, or in an Application",
    schema: imageAutomationSchema,
    statusSubresource: true,
    printerColumns: [
      { jsonPath: '.status.conditions[?(@.type=="Ready")].status', name: "Ready", type: "string" },
      { jsonPath: ".status.imageCount", name: "Images", type: "integer" },
      { jsonPath: ".status.lastCommit", name: "Last Commit", type: "string" },
      { jsonPath: ".metadata.creationTimestamp", name: "Age", type: "date" },
    ],
  },
];

/**
 * The CustomResourceDefinitions of Argo CD's kinds, in our own words, and of Mooring's. Application has no status subresource, as in
 * Argo CD: spec and status are written by one path.
 */
export function customResourceDefinitions(): readonly KubeObject[] {
  return kinds.map((kind) => formatDefinition(kind));
}

function formatDefinition(definition: Kind): KubeObject {
  const { kind, shortNames, group = "argoproj.io" } = definition;
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const name = `${plural}.${group}`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name,
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames },
      versions: [formatVersion(definition)],
    },
  };
}

function formatVersion(definition: Kind): JsonObject {
  const { description, schema, printerColumns, statusSubresource, openStatus, fixedSpec } = definition;
  const { properties, required = [] } = formatOpenApi(schema);
  return {
    name: "v1alpha1",
    served: true,
    storage: true,
    ...(printerColumns !== undefined && { additionalPrinterColumns: printerColumns }),
    ...(statusSubresource === true && { subresources: { status: {} } }),
    schema: {
      openAPIV3Schema: {
        description,
        type: "object",
        required: ["metadata", ...(required as readonly string[])],
        properties: {
          apiVersion: formatOpenApi(string()),
          kind: formatOpenApi(string()),
          metadata: { type: "object" },
          ...(properties as JsonObject),
          ...(fixedSpec !== undefined && { spec: formatFixed(schema, fixedSpec) }),
          ...(openStatus === true && { status: formatOpenStatus(schema) }),
        },
      },
    },
  };
}

/** The API server refuses changes (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#transition-rules). */
function formatFixed({ fields }: ObjectSchema, message: string): JsonObject {
  const { spec } = fields;
  if (spec === undefined) throw new Error("a kind with a fixed spec has none");
  return { ...formatOpenApi(spec), "x-kubernetes-validations": [{ rule: "self == oldSelf", message }] };
}

/**
 * Checking each field of a status, and noting in managedFields who wrote it, costs the API server as much as the rest of the write
 * (ADR 12). The fields that our controller writes are those of the schema all the same.
 */
function formatOpenStatus({ fields }: ObjectSchema): JsonObject {
  const description = fields["status"]?.description;
  return {
    ...(description !== undefined && { description }),
    type: "object",
    "x-kubernetes-map-type": "atomic",
    "x-kubernetes-preserve-unknown-fields": true,
  };
}

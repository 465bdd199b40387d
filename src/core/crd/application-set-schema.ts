import { healthSchema, resourceStatusSchema } from "./application-schema.ts";
import {
  anyObject,
  anyValue,
  array,
  boolean,
  choice,
  integer,
  intOrString,
  map,
  object,
  openObject,
  required,
  string,
  time,
} from "./schema.ts";

/** Kept open: what Argo CD accepts inside a generator is accepted here as it stands. */
const generatorSchema = openObject({
  list: openObject({ elements: array(anyValue()), elementsYaml: string() }, "Parameters written out"),
  clusters: anyObject("One set of parameters for each cluster"),
  git: openObject(
    {
      repoURL: required(string()),
      revision: required(string()),
      directories: array(object({ path: required(string()), exclude: boolean() })),
      files: array(object({ path: required(string()), exclude: boolean() })),
    },
    "One set of parameters for each directory or file of a repository",
  ),
  scmProvider: anyObject("One set of parameters for each repository of an organisation"),
  pullRequest: anyObject("One set of parameters for each open pull request"),
  matrix: openObject({ generators: required(array(anyObject())) }, "Every combination of two generators"),
  merge: openObject(
    { generators: required(array(anyObject())), mergeKeys: required(array(string())) },
    "Parameters of several generators, joined by keys",
  ),
  plugin: anyObject("Parameters from an HTTP service"),
  clusterDecisionResource: anyObject("Parameters from an object that lists clusters"),
  selector: anyObject("Keeps only the parameters that match"),
});

const templateSchema = object(
  {
    metadata: required(
      object({
        name: string(),
        namespace: string(),
        labels: map(string()),
        annotations: map(string()),
        finalizers: array(string()),
      }),
    ),
    spec: required(anyObject("Spec of the Applications, with placeholders")),
  },
  "What the Applications look like",
);

const strategySchema = object(
  {
    type: string("AllAtOnce or RollingSync"),
    deletionOrder: string("AllAtOnce or Reverse"),
    rollingSync: object({
      steps: array(
        object({
          matchExpressions: array(object({ key: string(), operator: string(), values: array(string()) })),
          maxUpdate: intOrString("How many Applications of the step change at a time"),
        }),
      ),
    }),
  },
  "In which order Applications are updated and deleted",
);

const applicationSetSpecSchema = object(
  {
    generators: required(array(generatorSchema, "Where the parameters come from")),
    template: required(templateSchema),
    templatePatch: string("Patch over the template, itself a template"),
    goTemplate: boolean("Templates are Go templates"),
    goTemplateOptions: array(string(), "Options of the Go templates, such as missingkey=error"),
    applyNestedSelectors: boolean("Selectors of nested generators count"),
    syncPolicy: object({
      applicationsSync: choice(["create-only", "create-update", "create-delete", "sync"], { enforced: true }),
      preserveResourcesOnDeletion: boolean("Deleting the set leaves what its Applications deployed"),
    }),
    strategy: strategySchema,
    preservedFields: object({
      annotations: array(string(), "Annotations of the Applications that are left alone"),
      labels: array(string(), "Labels of the Applications that are left alone"),
    }),
    ignoreApplicationDifferences: array(
      object({ name: string(), jsonPointers: array(string()), jqPathExpressions: array(string()) }),
      "Fields of the Applications that are left alone",
    ),
  },
  "Applications to make from parameters",
);

const applicationSetStatusSchema = object({
  conditions: array(
    object({
      type: required(string()),
      status: required(string()),
      reason: required(string()),
      message: required(string()),
      lastTransitionTime: time(),
    }),
  ),
  applicationStatus: array(
    object({
      application: required(string()),
      status: required(string()),
      step: required(string()),
      message: required(string()),
      targetRevisions: required(array(string())),
      lastTransitionTime: time(),
    }),
  ),
  resources: array(resourceStatusSchema),
  resourcesCount: integer(),
  health: healthSchema,
});

export const applicationSetSchema = openObject({
  spec: required(applicationSetSpecSchema),
  status: applicationSetStatusSchema,
});

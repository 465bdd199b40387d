import { anyObject, array, boolean, intOrString, map, object, required, string } from "./schema.ts";

const jsonnetVariables = array(
  object({
    name: required(string()),
    value: required(string()),
    code: boolean("Evaluate the value as Jsonnet instead of taking it as text"),
  }),
);

export const directorySchema = object(
  {
    recurse: boolean("Also read the directories below the path"),
    include: string("Glob of the file names to read; braces list alternatives"),
    exclude: string("Glob of the file names to leave out; braces list alternatives"),
    disableExtensionFilter: boolean("Read every file, whatever its extension"),
    jsonnet: object(
      {
        extVars: { ...jsonnetVariables, description: "External variables" },
        tlas: { ...jsonnetVariables, description: "Top-level arguments" },
        libs: array(string(), "Directories to search for imports"),
      },
      "How Jsonnet files are evaluated",
    ),
  },
  "Plain manifests: which files of the path are read",
);

export const helmSchema = object(
  {
    releaseName: string("Release name; the Application's name by default"),
    valueFiles: array(string(), "Values files in order, later ones win"),
    values: string("Values as YAML text, over the values files"),
    valuesObject: anyObject("Values as an object; wins over values"),
    parameters: array(
      object({
        name: string("Path of the value, as for helm --set"),
        value: string(),
        forceString: boolean("Keep the value a string whatever it looks like"),
      }),
      "Single values, over all values files",
    ),
    fileParameters: array(
      object({ name: string(), path: string("File whose content is the value") }),
      "Single values that are read from files",
    ),
    ignoreMissingValueFiles: boolean("Leave out values files that do not exist"),
    skipCrds: boolean("Leave out the chart's crds directory"),
    skipTests: boolean("Leave out test hooks"),
    skipSchemaValidation: boolean("Do not check values against the chart's schema"),
    passCredentials: boolean("Send credentials to every host that the chart refers to"),
    namespace: string("Release namespace; the destination's by default"),
    kubeVersion: string("Kubernetes version that the chart sees"),
    apiVersions: array(string(), "API versions that the chart sees"),
    version: string("Major version of Helm; has no effect any more"),
  },
  "Helm chart: its values and options",
);

export const kustomizeSchema = object(
  {
    namePrefix: string("Put before every name"),
    nameSuffix: string("Put after every name"),
    namespace: string("Namespace of every object"),
    images: array(string(), "Image overrides: [name=]image[:tag][@digest]"),
    replicas: array(
      object({ name: required(string()), count: required(intOrString()) }),
      "Replica counts by workload name",
    ),
    patches: array(
      object({
        path: string("File that holds the patch"),
        patch: string("The patch as text"),
        target: object({
          group: string(),
          version: string(),
          kind: string(),
          name: string(),
          namespace: string(),
          labelSelector: string(),
          annotationSelector: string(),
        }),
        options: map(boolean()),
      }),
      "Patches over the built objects",
    ),
    components: array(string(), "Components to add"),
    ignoreMissingComponents: boolean("Leave out components that do not exist"),
    commonLabels: map(string(), "Labels for every object"),
    commonAnnotations: map(string(), "Annotations for every object"),
    commonAnnotationsEnvsubst: boolean("Replace build variables in the annotations' values"),
    forceCommonLabels: boolean("Overwrite labels that exist"),
    forceCommonAnnotations: boolean("Overwrite annotations that exist"),
    labelWithoutSelector: boolean("Keep the common labels out of selectors"),
    labelIncludeTemplates: boolean("Put the common labels on pod templates, too"),
    kubeVersion: string("Kubernetes version for chart inflation"),
    apiVersions: array(string(), "API versions for chart inflation"),
    version: string("Named Kustomize version to build with"),
  },
  "Kustomization: overrides and options",
);

export const pluginSchema = object(
  {
    name: string("Plugin to run; found by its discovery rules when empty"),
    env: array(object({ name: required(string()), value: required(string()) }), "Environment variables"),
    parameters: array(
      object({
        name: string(),
        string: string("Value of a text parameter"),
        array: array(string(), "Value of a list parameter"),
        map: map(string(), "Value of a map parameter"),
      }),
      "Parameters that the plugin announced",
    ),
  },
  "Config management plugin",
);

export const sourceSchema = object(
  {
    repoURL: required(string("Git repository, Helm repository or OCI registry")),
    path: string("Directory inside the repository"),
    targetRevision: string("Branch, tag, commit or version range; HEAD by default"),
    chart: string("Chart name, when repoURL is a Helm repository"),
    ref: string("Name by which other sources refer to this one"),
    name: string("Name of this source, for people and commands"),
    tagPrefix: string("Prefix of the tags that a version range considers"),
    directory: directorySchema,
    helm: helmSchema,
    kustomize: kustomizeSchema,
    plugin: pluginSchema,
  },
  "Where the manifests come from",
);

import type { Flags, FlagValues } from "../command.ts";

const helmFlags = {
  "helm-chart": { type: "string", value: "NAME", description: "Chart of a Helm repository or OCI registry" },
  values: { type: "strings", value: "FILE", description: "Values files in order, later ones win" },
  "values-literal-file": {
    type: "string",
    value: "FILE",
    description: "Local file whose content becomes the values of the Application",
  },
  "ignore-missing-value-files": { type: "boolean", description: "Leave out values files that do not exist" },
  "release-name": {
    type: "string",
    value: "NAME",
    description: "Release name; the Application's by default",
  },
  parameter: { type: "strings", short: "p", value: "NAME=VALUE", description: "The same as --helm-set" },
  "helm-set": { type: "strings", value: "NAME=VALUE", description: "Set a value" },
  "helm-set-string": { type: "strings", value: "NAME=VALUE", description: "Set a value that stays text" },
  "helm-set-file": { type: "strings", value: "NAME=FILE", description: "Set a value to a file's content" },
  "helm-version": { type: "string", description: "Has no effect; kept for scripts" },
  "helm-pass-credentials": { type: "boolean", description: "Send credentials to every host of the charts" },
  "helm-skip-crds": { type: "boolean", description: "Leave out the chart's crds directory" },
  "helm-skip-tests": { type: "boolean", description: "Leave out test hooks" },
  "helm-skip-schema-validation": { type: "boolean", description: "Do not check values against the schema" },
  "helm-namespace": { type: "string", value: "NAME", description: "Release namespace; the destination's" },
  "helm-kube-version": { type: "string", value: "VERSION", description: "Kubernetes version charts see" },
  "helm-api-versions": { type: "strings", value: "API", description: "API versions that charts see" },
} as const satisfies Flags;

const kustomizeFlags = {
  nameprefix: { type: "string", value: "TEXT", description: "Put before every name" },
  namesuffix: { type: "string", value: "TEXT", description: "Put after every name" },
  "kustomize-image": { type: "strings", value: "IMAGE", description: "[NAME=]IMAGE[:TAG][@DIGEST]" },
  "kustomize-replica": { type: "strings", value: "NAME=COUNT", description: "Replicas of a workload" },
  "kustomize-namespace": { type: "string", value: "NAME", description: "Namespace of every object" },
  "kustomize-version": { type: "string", description: "Named Kustomize version to build with" },
  "kustomize-common-label": { type: "strings", value: "NAME=VALUE", description: "Labels of every object" },
  "kustomize-common-annotation": { type: "strings", value: "NAME=VALUE", description: "Annotations of all" },
  "kustomize-force-common-label": { type: "boolean", description: "Overwrite labels that exist" },
  "kustomize-force-common-annotation": { type: "boolean", description: "Overwrite annotations that exist" },
  "kustomize-label-without-selector": { type: "boolean", description: "Keep labels out of selectors" },
  "kustomize-label-include-templates": { type: "boolean", description: "Label pod templates, too" },
  "kustomize-kube-version": {
    type: "string",
    value: "VERSION",
    description: "Kubernetes version charts see",
  },
  "kustomize-api-versions": { type: "strings", value: "API", description: "API versions that charts see" },
  "ignore-missing-components": { type: "boolean", description: "Leave out components that do not exist" },
} as const satisfies Flags;

const directoryFlags = {
  "directory-recurse": { type: "boolean", description: "Also read the directories below the path" },
  "directory-include": { type: "string", value: "GLOB", description: "Read only files that match" },
  "directory-exclude": { type: "string", value: "GLOB", description: "Leave out files that match" },
  "jsonnet-tla-str": { type: "strings", value: "NAME=VALUE", description: "Top-level argument, as text" },
  "jsonnet-tla-code": { type: "strings", value: "NAME=CODE", description: "Top-level argument, as Jsonnet" },
  "jsonnet-ext-var-str": { type: "strings", value: "NAME=VALUE", description: "External variable, as text" },
  "jsonnet-ext-var-code": {
    type: "strings",
    value: "NAME=CODE",
    description: "External variable, as Jsonnet",
  },
  "jsonnet-libs": { type: "strings", value: "DIR", description: "Directories for imports, from the root" },
} as const satisfies Flags;

/** What a tool does with the files of a source. */
export const toolFlags = { ...helmFlags, ...kustomizeFlags, ...directoryFlags } as const;

/** Where a source comes from, and what a tool does with it. */
export const sourceFlags = {
  repo: { type: "string", value: "URL", description: "Repository" },
  path: { type: "string", value: "DIR", description: "Directory inside the repository" },
  revision: {
    type: "string",
    description: "Branch, tag, commit or version range to follow; HEAD by default",
  },
  ref: {
    type: "string",
    value: "NAME",
    description: "Name by which values files of other sources refer to it",
  },
  ...toolFlags,
} as const satisfies Flags;

/** Which of several sources. */
export const sourceChoiceFlags = {
  "source-position": { type: "integer", value: "POSITION", description: "Which source; the first is 1" },
  "source-name": { type: "string", value: "NAME", description: "Which source, by its name" },
} as const satisfies Flags;

export type ToolValues = FlagValues<typeof toolFlags>;
export type SourceValues = FlagValues<typeof sourceFlags>;

/** True for a flag that was given. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

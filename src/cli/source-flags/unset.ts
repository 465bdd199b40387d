import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import type { Flags, FlagValues } from "../command.ts";
import { overriddenImage } from "./apply.ts";

/** What can be taken off a source. */
export const unsetSourceFlags = {
  ref: { type: "boolean", description: "Remove the name by which other sources refer to it" },
  directory: { type: "boolean", description: "Remove the directory settings" },
  values: { type: "strings", value: "FILE", description: "Remove this values file" },
  "values-literal": { type: "boolean", description: "Remove the values of the Application" },
  "ignore-missing-value-files": { type: "boolean", description: "Miss values files that do not exist" },
  parameter: { type: "strings", short: "p", value: "NAME", description: "Remove this parameter of Helm" },
  "release-name": { type: "boolean", description: "Go back to the Application's name" },
  "helm-namespace": { type: "boolean", description: "Go back to the destination's namespace" },
  "helm-version": { type: "boolean", description: "Remove the version of Helm" },
  "helm-kube-version": { type: "boolean", description: "Go back to the cluster's version" },
  "helm-api-versions": { type: "boolean", description: "Go back to what the cluster serves" },
  "helm-skip-crds": { type: "boolean", description: "Deploy the chart's crds directory" },
  "helm-skip-tests": { type: "boolean", description: "Render test hooks" },
  "helm-skip-schema-validation": { type: "boolean", description: "Check values against the schema" },
  "pass-credentials": { type: "boolean", description: "Keep credentials to the host that they are for" },
  nameprefix: { type: "boolean", description: "Remove the prefix of names" },
  namesuffix: { type: "boolean", description: "Remove the suffix of names" },
  "kustomize-image": { type: "strings", value: "IMAGE", description: "Remove the override of this image" },
  "kustomize-replica": {
    type: "strings",
    value: "NAME",
    description: "Remove the replicas of this workload",
  },
  "kustomize-namespace": { type: "boolean", description: "Remove the namespace of every object" },
  "kustomize-version": { type: "boolean", description: "Build with the default version" },
  "kustomize-common-label": { type: "strings", value: "NAME", description: "Remove this label" },
  "kustomize-common-annotation": { type: "strings", value: "NAME", description: "Remove this annotation" },
  "ignore-missing-components": { type: "boolean", description: "Miss components that do not exist" },
  "jsonnet-tla": { type: "strings", value: "NAME", description: "Remove this top-level argument" },
  "jsonnet-ext-var": { type: "strings", value: "NAME", description: "Remove this external variable" },
  "jsonnet-libs": { type: "boolean", description: "Remove the directories for imports" },
} as const satisfies Flags;

export type UnsetValues = FlagValues<typeof unsetSourceFlags>;

const booleans = {
  helm: {
    "ignore-missing-value-files": "ignoreMissingValueFiles",
    "release-name": "releaseName",
    "helm-namespace": "namespace",
    "helm-version": "version",
    "helm-kube-version": "kubeVersion",
    "helm-api-versions": "apiVersions",
    "helm-skip-crds": "skipCrds",
    "helm-skip-tests": "skipTests",
    "helm-skip-schema-validation": "skipSchemaValidation",
    "pass-credentials": "passCredentials",
  },
  kustomize: {
    nameprefix: "namePrefix",
    namesuffix: "nameSuffix",
    "kustomize-namespace": "namespace",
    "kustomize-version": "version",
    "ignore-missing-components": "ignoreMissingComponents",
  },
} as const satisfies Readonly<Record<string, Partial<Readonly<Record<keyof UnsetValues, string>>>>>;

/** The source without what the flags name; fields and blocks that are left empty go, too. */
export function unsetSource(source: JsonObject, flags: UnsetValues): JsonObject {
  const directory = viewObject(source, "directory");
  return withoutEmpty({
    ...source,
    ...(flags.ref === true ? { ref: undefined } : {}),
    helm: helmWithout(viewObject(source, "helm"), flags),
    kustomize: kustomizeWithout(viewObject(source, "kustomize"), flags),
    directory:
      flags.directory === true
        ? undefined
        : withoutEmpty({ ...directory, jsonnet: jsonnetWithout(viewObject(directory, "jsonnet"), flags) }),
  });
}

function helmWithout(helm: JsonObject, flags: UnsetValues): JsonObject {
  const gone = new Set(flags.parameter);
  return withoutEmpty({
    ...helm,
    ...removed(booleans.helm, flags),
    ...(flags["values-literal"] === true ? { values: undefined, valuesObject: undefined } : {}),
    valueFiles: viewArray(helm, "valueFiles").filter((file) => !flags.values.some((one) => one === file)),
    parameters: withoutNamed(viewArray(helm, "parameters"), gone),
    fileParameters: withoutNamed(viewArray(helm, "fileParameters"), gone),
  });
}

function kustomizeWithout(kustomize: JsonObject, flags: UnsetValues): JsonObject {
  const images = new Set(flags["kustomize-image"].map(overriddenImage));
  return withoutEmpty({
    ...kustomize,
    ...removed(booleans.kustomize, flags),
    images: viewArray(kustomize, "images").filter(
      (image) => typeof image !== "string" || !images.has(overriddenImage(image)),
    ),
    replicas: withoutNamed(viewArray(kustomize, "replicas"), new Set(flags["kustomize-replica"])),
    commonLabels: withoutKeys(viewObject(kustomize, "commonLabels"), flags["kustomize-common-label"]),
    commonAnnotations: withoutKeys(
      viewObject(kustomize, "commonAnnotations"),
      flags["kustomize-common-annotation"],
    ),
  });
}

function jsonnetWithout(jsonnet: JsonObject, flags: UnsetValues): JsonObject {
  return withoutEmpty({
    ...jsonnet,
    ...(flags["jsonnet-libs"] === true ? { libs: undefined } : {}),
    tlas: withoutNamed(viewArray(jsonnet, "tlas"), new Set(flags["jsonnet-tla"])),
    extVars: withoutNamed(viewArray(jsonnet, "extVars"), new Set(flags["jsonnet-ext-var"])),
  });
}

function removed(
  fields: Partial<Readonly<Record<keyof UnsetValues, string>>>,
  flags: UnsetValues,
): JsonObject {
  const given = Object.entries<string>(fields).filter(([flag]) => flags[flag as keyof UnsetValues] === true);
  return Object.fromEntries(given.map(([, field]) => [field, undefined]));
}

function withoutNamed(list: JsonArray, names: ReadonlySet<string>): JsonArray {
  return list.filter((one) => {
    const name = isJsonObject(one) ? one["name"] : undefined;
    return typeof name !== "string" || !names.has(name);
  });
}

function withoutKeys(map: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && !isEmpty(value)),
  );
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

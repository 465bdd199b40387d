import type { JsonArray, JsonObject } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import { usageError } from "../usage-error.ts";
import { changed, listOf, parsePair, parsePairs, present, upsertField } from "./fields.ts";
import type { SourceValues, ToolValues } from "./flags.ts";

export interface SourceChange {
  readonly flags: Partial<SourceValues> & ToolValues;
  /** Content of the file of --values-literal-file. */
  readonly literal: string | undefined;
}

/** The source with what the flags say put in; undefined when no flag is about it. Throws CLI_USAGE. */
export function applySourceFlags(
  source: JsonObject,
  { flags, literal }: SourceChange,
): JsonObject | undefined {
  const changes = {
    ...present({
      repoURL: flags.repo,
      path: flags.path,
      chart: flags["helm-chart"],
      targetRevision: flags.revision,
      ref: flags.ref,
    }),
    ...changed(source, "helm", helmOf(viewObject(source, "helm"), flags, literal)),
    ...changed(source, "kustomize", kustomizeOf(viewObject(source, "kustomize"), flags)),
    ...changed(source, "directory", directoryOf(viewObject(source, "directory"), flags)),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...source, ...changes };
}

function helmOf(helm: JsonObject, flags: ToolValues, literal: string | undefined): JsonObject {
  const parameters = [
    ...parametersOf("--parameter", flags.parameter, false),
    ...parametersOf("--helm-set", flags["helm-set"], false),
    ...parametersOf("--helm-set-string", flags["helm-set-string"], true),
  ];
  const files = flags["helm-set-file"].map((pair) => {
    const [name, path] = parsePair("--helm-set-file", pair);
    return { name, path };
  });
  return {
    ...present({
      valueFiles: listOf(flags.values),
      ignoreMissingValueFiles: flags["ignore-missing-value-files"],
      releaseName: flags["release-name"],
      version: flags["helm-version"],
      passCredentials: flags["helm-pass-credentials"],
      skipCrds: flags["helm-skip-crds"],
      skipTests: flags["helm-skip-tests"],
      skipSchemaValidation: flags["helm-skip-schema-validation"],
      namespace: flags["helm-namespace"],
      kubeVersion: flags["helm-kube-version"],
      apiVersions: listOf(flags["helm-api-versions"]),
      parameters: upsertField(helm, "parameters", parameters),
      fileParameters: upsertField(helm, "fileParameters", files),
    }),
    // An object would win over the text.
    ...(literal === undefined ? {} : { values: literal, valuesObject: undefined }),
  };
}

function parametersOf(flag: string, pairs: readonly string[], forceString: boolean): readonly JsonObject[] {
  return pairs.map((pair) => {
    const [name, value] = parsePair(flag, pair);
    return { name, value, ...(forceString ? { forceString } : {}) };
  });
}

function kustomizeOf(kustomize: JsonObject, flags: ToolValues): JsonObject {
  const labels = flags["kustomize-common-label"];
  const annotations = flags["kustomize-common-annotation"];
  const replicas = flags["kustomize-replica"].map((pair) => {
    const [name, count] = parsePair("--kustomize-replica", pair);
    if (!/^\d+$/u.test(count))
      throw usageError(`flag --kustomize-replica: ${JSON.stringify(pair)} is no NAME=COUNT`);
    return { name, count: Number(count) };
  });
  return present({
    namePrefix: flags.nameprefix,
    nameSuffix: flags.namesuffix,
    images: imagesOf(viewArray(kustomize, "images"), flags["kustomize-image"]),
    replicas: upsertField(kustomize, "replicas", replicas),
    namespace: flags["kustomize-namespace"],
    version: flags["kustomize-version"],
    commonLabels: labels.length === 0 ? undefined : parsePairs("--kustomize-common-label", labels),
    commonAnnotations:
      annotations.length === 0 ? undefined : parsePairs("--kustomize-common-annotation", annotations),
    forceCommonLabels: flags["kustomize-force-common-label"],
    forceCommonAnnotations: flags["kustomize-force-common-annotation"],
    labelWithoutSelector: flags["kustomize-label-without-selector"],
    labelIncludeTemplates: flags["kustomize-label-include-templates"],
    kubeVersion: flags["kustomize-kube-version"],
    apiVersions: listOf(flags["kustomize-api-versions"]),
    ignoreMissingComponents: flags["ignore-missing-components"],
  });
}

/** An override takes the place of one of the same image. */
function imagesOf(before: JsonArray, given: readonly string[]): JsonArray | undefined {
  if (given.length === 0) return undefined;
  const images = before.filter((image) => typeof image === "string");
  for (const image of given) {
    const at = images.findIndex((one) => overriddenImage(one) === overriddenImage(image));
    if (at < 0) images.push(image);
    else images[at] = image;
  }
  return images;
}

/** The image that an override is for: `web` of `web=registry.example/web:2`, of `web:2` and of `web@sha256:…`. */
export function overriddenImage(override: string): string {
  const equals = override.indexOf("=");
  if (equals >= 0) return override.slice(0, equals);
  return override.replace(/@.*$/su, "").replace(/:[^/:]*$/u, "");
}

function directoryOf(directory: JsonObject, flags: ToolValues): JsonObject {
  const jsonnet = viewObject(directory, "jsonnet");
  const variables = (name: "tla" | "ext-var") => [
    ...variablesOf(`--jsonnet-${name}-str`, flags[`jsonnet-${name}-str`], false),
    ...variablesOf(`--jsonnet-${name}-code`, flags[`jsonnet-${name}-code`], true),
  ];
  const changes = present({
    tlas: upsertField(jsonnet, "tlas", variables("tla")),
    extVars: upsertField(jsonnet, "extVars", variables("ext-var")),
    libs: listOf(flags["jsonnet-libs"]),
  });
  return {
    ...present({
      recurse: flags["directory-recurse"],
      include: flags["directory-include"],
      exclude: flags["directory-exclude"],
    }),
    ...changed(directory, "jsonnet", changes),
  };
}

function variablesOf(flag: string, pairs: readonly string[], code: boolean): readonly JsonObject[] {
  return pairs.map((pair) => {
    const [name, value] = parsePair(flag, pair);
    return { name, value, ...(code ? { code } : {}) };
  });
}

import type { ApplicationSource } from "#core/app/types.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import type { BuildEnvironment } from "./build-environment.ts";
import { substituteVariables } from "./build-environment.ts";
import { parseBuildOptions } from "./build-options.ts";
import { listOr, textOr } from "./helm-source.ts";
import type { KustomizeBuildOptions, KustomizeSource } from "./render-tool.ts";
import type { SourceContext } from "./source-context.ts";
import type { SourceSettings } from "./source-settings.ts";

type KustomizeFields = NonNullable<ApplicationSource["kustomize"]>;

/** What is edited into the kustomization, and how it is built. Throws RENDER_INVALID, or CONFIG_INVALID for the build options. */
export function resolveKustomizeSource(kustomize: KustomizeFields, context: SourceContext): KustomizeSource {
  return {
    tool: "kustomize",
    edits: editsOf(kustomize, context.environment),
    ...buildOf(kustomize.version ?? "", context.settings),
    kubeVersion: textOr(kustomize.kubeVersion, context.kubeVersion),
    apiVersions: listOr(kustomize.apiVersions, context.apiVersions),
  };
}

/** Only what says something: a field that is there but empty edits nothing. */
function editsOf(fields: KustomizeFields, environment: BuildEnvironment): JsonObject {
  const substitute = (text: string) => substituteVariables(text, environment);
  const { commonAnnotationsEnvsubst = false, commonAnnotations = {}, commonLabels = {} } = fields;
  const edits = {
    namePrefix: fields.namePrefix ?? "",
    nameSuffix: fields.nameSuffix ?? "",
    namespace: fields.namespace ?? "",
    images: (fields.images ?? []).map(substitute),
    replicas: (fields.replicas ?? []).map(({ name, count }) => ({ name, count: countOf(name, count) })),
    commonLabels: mapValues(commonLabels, substitute),
    commonAnnotations: commonAnnotationsEnvsubst
      ? mapValues(commonAnnotations, substitute)
      : commonAnnotations,
    forceCommonLabels: fields.forceCommonLabels ?? false,
    forceCommonAnnotations: fields.forceCommonAnnotations ?? false,
    labelWithoutSelector: fields.labelWithoutSelector ?? false,
    labelIncludeTemplates: fields.labelIncludeTemplates ?? false,
    components: fields.components ?? [],
    ignoreMissingComponents: fields.ignoreMissingComponents ?? false,
    patches: (fields.patches ?? []) as readonly JsonValue[],
  };
  return Object.fromEntries(Object.entries(edits).filter(([, value]) => saysSomething(value)));
}

function saysSomething(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== "" && value !== false;
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function countOf(name: string, count: number | string): number {
  const number = typeof count === "number" || /^\d+$/u.test(count) ? Number(count) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new MooringError(
    "RENDER_INVALID",
    `source.kustomize.replicas: count of ${name} is ${JSON.stringify(count)}; write a whole number`,
  );
}

/** A version with a program of its own takes that program's options, whatever they are. */
function buildOf(
  version: string,
  settings: SourceSettings,
): Pick<KustomizeSource, "buildOptions" | "program"> {
  const path = Object.hasOwn(settings.versionPaths, version) ? settings.versionPaths[version] : undefined;
  if (path === undefined) return { buildOptions: buildOptionsOf(version, settings) };
  const text = (settings.versionBuildOptions[version] ?? "") || settings.buildOptions;
  const options = text.split(/\s+/u).filter((word) => word !== "");
  return {
    buildOptions: parseBuildOptions("", "kustomize.buildOptions"),
    program: { version, path, options },
  };
}

function buildOptionsOf(version: string, settings: SourceSettings): KustomizeBuildOptions {
  if (version === "") return parseBuildOptions(settings.buildOptions, "kustomize.buildOptions");
  const own = Object.hasOwn(settings.versionBuildOptions, version)
    ? settings.versionBuildOptions[version]
    : undefined;
  if (own !== undefined) return parseBuildOptions(own, `kustomize.buildOptions.${version}`);
  throw new MooringError(
    "RENDER_INVALID",
    `source.kustomize.version ${JSON.stringify(version)}: no such version; remove it, or add kustomize.buildOptions.${version} to argocd-cm`,
  );
}

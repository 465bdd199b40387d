import { parseValue } from "#core/crd/parse.ts";
import type { Infer, Schema } from "#core/crd/schema.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { globalProjectsSchema } from "#core/project/global-projects.ts";
import { parseDuration } from "#core/sync/duration.ts";
import type { SystemIgnoreEntry } from "#core/differences/index.ts";
import type { SourceSettings } from "#core/source/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { TrackingMethod } from "#core/tracking/index.ts";
import { parseCompareOptions } from "./compare-options.ts";
import type { ComparisonSettings } from "./customizations.ts";
import { readCustomizations } from "./customizations.ts";
import type { ConfigMapReader } from "./config-map-reader.ts";
import { openConfigMap } from "./config-map-reader.ts";
import { readYaml, wrong } from "./read-yaml.ts";
import type { ParseYaml } from "./read-yaml.ts";
import { readActionScripts } from "./action-scripts.ts";
import { readHealthScripts } from "./health-scripts.ts";
import { presetIgnoredUpdates } from "./presets.ts";
import { resourceRulesSchema } from "./resource-filter.ts";
import type { Settings } from "./settings.ts";
import { defaultSettings } from "./settings.ts";
import { unsupportedSettings } from "./unsupported.ts";

export interface ParsedSettings {
  readonly settings: Settings;
  /** Values that could not be read, for which the default stands, and keys that have no effect yet. */
  readonly problems: readonly string[];
  /** Those of them that tell of keys without effect: nothing is wrong with their values. */
  readonly withoutEffect: readonly string[];
}

export type { ParseYaml } from "./read-yaml.ts";

/** Reads `argocd-cm`. Never throws: a wrong value leaves the default in force and is reported. */
export function parseSettings(configMap: KubeObject | undefined, parseYaml: ParseYaml): ParsedSettings {
  const reader = openConfigMap(configMap);
  const block = reader.read("resource.customizations", (text) => readYaml(text, parseYaml));
  const { keys, report } = reader;
  const yaml = <S extends Schema>(key: string, schema: S) =>
    reader.read(key, (text) => parseYamlAs(schema, text, parseYaml));
  const rules = (key: string) => yaml(key, resourceRulesSchema);
  const settings: Settings = {
    reconciliationTimeoutMs:
      reader.read("timeout.reconciliation", parseWait) ?? defaultSettings.reconciliationTimeoutMs,
    reconciliationJitterMs:
      reader.read("timeout.reconciliation.jitter", parseWait) ?? defaultSettings.reconciliationJitterMs,
    webhookJitterMs: reader.read("webhook.refresh.jitter", parseWait) ?? defaultSettings.webhookJitterMs,
    webhookJitterThreshold:
      reader.read("webhook.refresh.jitter.threshold", parseCount) ?? defaultSettings.webhookJitterThreshold,
    trackingMethod:
      reader.read("application.resourceTrackingMethod", parseTrackingMethod) ??
      defaultSettings.trackingMethod,
    instanceLabelKey:
      reader.read("application.instanceLabelKey", parseLabelKey) ?? defaultSettings.instanceLabelKey,
    installationId: reader.read("installationID", (text) => text) ?? defaultSettings.installationId,
    inClusterEnabled:
      reader.read("cluster.inClusterEnabled", parseBoolean) ?? defaultSettings.inClusterEnabled,
    syncImpersonation:
      reader.read("application.sync.impersonation.enabled", parseBoolean) ??
      defaultSettings.syncImpersonation,
    resourceFilter: {
      inclusions: rules("resource.inclusions") ?? defaultSettings.resourceFilter.inclusions,
      exclusions: rules("resource.exclusions") ?? defaultSettings.resourceFilter.exclusions,
    },
    ...comparisonSettingsOf(reader, block, parseYaml),
    healthScripts: readHealthScripts({
      keys,
      readText: (key) => reader.read(key, (text) => text),
      parseYaml: (text) => readYaml(text, parseYaml),
      block,
      report,
    }),
    actionScripts: readActionScripts({
      keys,
      readYaml: (key) => reader.read(key, (text) => readYaml(text, parseYaml)),
      parseText: (name, text) => reader.parse(name, text, (yaml) => readYaml(yaml, parseYaml)),
      block,
      report,
    }),
    sensitiveAnnotations:
      reader.read("resource.sensitive.mask.annotations", parseWords) ?? defaultSettings.sensitiveAnnotations,
    globalProjects: yaml("globalProjects", globalProjectsSchema) ?? defaultSettings.globalProjects,
    commitAuthor: {
      name: reader.read("commit.author.name", (text) => text) ?? defaultSettings.commitAuthor.name,
      email: reader.read("commit.author.email", (text) => text) ?? defaultSettings.commitAuthor.email,
    },
    source: sourceSettingsOf(reader),
  };
  const withoutEffect = unsupportedSettings(reader.keys).map((message) => reader.name(message));
  return { settings, problems: [...reader.problems, ...withoutEffect], withoutEffect };
}

function comparisonSettingsOf(
  reader: ConfigMapReader,
  block: JsonValue | undefined,
  parseYaml: ParseYaml,
): ComparisonSettings {
  const found = readCustomizations({
    keys: reader.keys,
    block,
    readYaml: (key) => reader.read(key, (text) => readYaml(text, parseYaml)),
    parseText: (key, text) => reader.parse(key, text, (yaml) => readYaml(yaml, parseYaml)),
    report: reader.report,
    name: reader.name,
  });
  const options = reader.read("resource.compareoptions", (text) => parseCompareOptions(text, parseYaml));
  const isEnabled = reader.read("resource.ignoreResourceUpdatesEnabled", parseBoolean) ?? true;
  const alsoDifferences = options?.ignoreDifferencesOnResourceUpdates ?? true;
  const said = new Set(found.ignoreResourceUpdates.map((entry) => `${entry.group}/${entry.kind}`));
  const presets = presetIgnoredUpdates.filter(({ group, kind }) => !said.has(`${group}/${kind}`));
  const updates = [
    ...presets,
    ...found.ignoreResourceUpdates,
    ...(alsoDifferences ? found.ignoreDifferences : []),
  ];
  return { ...found, ignoreResourceUpdates: isEnabled ? updates.flatMap(withoutManagers) : [] };
}

/** Who wrote a field says nothing about whether its change counts. */
function withoutManagers(entry: SystemIgnoreEntry): readonly SystemIgnoreEntry[] {
  const { managedFieldsManagers: _managers, ...rest } = entry;
  const isEmpty = [entry.jsonPointers, entry.jqPathExpressions].every((list = []) => list.length === 0);
  return isEmpty ? [] : [rest];
}

const versionKey = /^kustomize\.(?:buildOptions|path|version)\.(?<version>.+)$/u;

function sourceSettingsOf(reader: ConfigMapReader): SourceSettings {
  const { enabled, buildOptions, valuesFileSchemes } = defaultSourceSettings;
  const versions = new Set(reader.keys.flatMap((key) => versionKey.exec(key)?.groups?.["version"] ?? []));
  const optionsOf = (key: string) => reader.read(key, (text) => text);
  return {
    enabled: {
      Helm: reader.read("helm.enable", parseBoolean) ?? enabled.Helm,
      Kustomize: reader.read("kustomize.enable", parseBoolean) ?? enabled.Kustomize,
      Directory: reader.read("jsonnet.enable", parseBoolean) ?? enabled.Directory,
    },
    // Set to nothing it permits none, so here an empty text is not as good as none.
    valuesFileSchemes: reader.keys.includes("helm.valuesFileSchemes")
      ? (reader.read("helm.valuesFileSchemes", parseWords) ?? [])
      : valuesFileSchemes,
    buildOptions: optionsOf("kustomize.buildOptions") ?? buildOptions,
    versionBuildOptions: Object.fromEntries(
      [...versions]
        .toSorted()
        .map((version) => [version, optionsOf(`kustomize.buildOptions.${version}`) ?? ""]),
    ),
    versionPaths: Object.fromEntries(
      [...versions].toSorted().flatMap((version) => {
        const path = optionsOf(`kustomize.path.${version}`);
        return path === undefined ? [] : [[version, path]];
      }),
    ),
  };
}

function parseWords(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms < 0) throw wrong(`${text} is negative; write it like 120s, or 0 for never`);
  return ms;
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw wrong(`${JSON.stringify(text)} is no whole number; write it like 10`);
  return Number(text);
}

function parseBoolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw wrong(`${JSON.stringify(text)} is neither true nor false`);
  return text === "true";
}

function parseTrackingMethod(text: string): TrackingMethod {
  if (text === "annotation" || text === "label" || text === "annotation+label") return text;
  throw wrong(`${JSON.stringify(text)} is no method; write annotation, label or annotation+label`);
}

function parseLabelKey(text: string): string {
  const labelKey = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/u;
  if (text.length <= 317 && labelKey.test(text)) return text;
  throw wrong(`${JSON.stringify(text)} cannot be the key of a label`);
}

function parseYamlAs<S extends Schema>(schema: S, text: string, parseYaml: ParseYaml): Infer<S> {
  const parsed = parseValue(schema, readYaml(text, parseYaml));
  if (parsed.ok) return parsed.value;
  throw wrong(parsed.problems.map(({ message }) => message).join("; "));
}

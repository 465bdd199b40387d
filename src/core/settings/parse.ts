import { parseValue } from "#core/crd/parse.ts";
import { isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { parseDuration } from "#core/sync/duration.ts";
import type { SourceSettings } from "#core/source/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { TrackingMethod } from "#core/tracking/index.ts";
import type { ResourceRule } from "./resource-filter.ts";
import { resourceRulesSchema } from "./resource-filter.ts";
import type { Settings } from "./settings.ts";
import { defaultSettings } from "./settings.ts";
import { unsupportedSettings } from "./unsupported.ts";

export interface ParsedSettings {
  readonly settings: Settings;
  /** Values that could not be read, for which the default stands, and keys that have no effect yet. */
  readonly problems: readonly string[];
}

/** Text to value; throws when it is not YAML. */
export type ParseYaml = (text: string) => unknown;

/** Reads `argocd-cm`. Never throws: a wrong value leaves the default in force and is reported. */
export function parseSettings(configMap: KubeObject | undefined, parseYaml: ParseYaml): ParsedSettings {
  const reader = openConfigMap(configMap);
  const rules = (key: string) => reader.read(key, (text) => parseRules(text, parseYaml));
  const settings: Settings = {
    reconciliationTimeoutMs:
      reader.read("timeout.reconciliation", parseWait) ?? defaultSettings.reconciliationTimeoutMs,
    reconciliationJitterMs:
      reader.read("timeout.reconciliation.jitter", parseWait) ?? defaultSettings.reconciliationJitterMs,
    trackingMethod:
      reader.read("application.resourceTrackingMethod", parseTrackingMethod) ??
      defaultSettings.trackingMethod,
    instanceLabelKey:
      reader.read("application.instanceLabelKey", parseLabelKey) ?? defaultSettings.instanceLabelKey,
    installationId: reader.read("installationID", (text) => text) ?? defaultSettings.installationId,
    inClusterEnabled:
      reader.read("cluster.inClusterEnabled", parseBoolean) ?? defaultSettings.inClusterEnabled,
    resourceFilter: {
      inclusions: rules("resource.inclusions") ?? defaultSettings.resourceFilter.inclusions,
      exclusions: rules("resource.exclusions") ?? defaultSettings.resourceFilter.exclusions,
    },
    compareOptions: reader.read("resource.compareoptions", (text) => text),
    source: sourceSettingsOf(reader),
  };
  return {
    settings,
    problems: [
      ...reader.problems,
      ...unsupportedSettings(reader.keys).map((message) => reader.name(message)),
    ],
  };
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

interface ConfigMapReader {
  readonly problems: readonly string[];
  readonly keys: readonly string[];
  /** Undefined when the key is missing, empty or wrong. */
  read<T>(key: string, parse: (text: string) => T): T | undefined;
  name(message: string): string;
}

function openConfigMap(configMap: KubeObject | undefined): ConfigMapReader {
  const { namespace = "argocd", name: objectName = "argocd-cm" } = configMap?.metadata ?? {};
  const values = viewObject(configMap, "data");
  const problems: string[] = [];
  const name = (message: string) => `ConfigMap/${namespace}/${objectName}: ${message}`;
  const read = <T>(key: string, parse: (text: string) => T): T | undefined => {
    const value = values[key];
    if (typeof value !== "string" || value.trim() === "") return undefined;
    try {
      return parse(value.trim());
    } catch (error) {
      if (!isMooringError(error, "CONFIG_INVALID")) throw error;
      problems.push(name(`${key} is ignored, its default stands: ${error.message}`));
      return undefined;
    }
  };
  return { problems, keys: Object.keys(values), read, name };
}

function wrong(message: string, cause?: unknown): MooringError {
  return new MooringError("CONFIG_INVALID", message, { cause });
}

function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms < 0) throw wrong(`${text} is negative; write it like 120s, or 0 for never`);
  return ms;
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

function parseRules(text: string, parseYaml: ParseYaml): readonly ResourceRule[] {
  const parsed = parseValue(resourceRulesSchema, readYaml(text, parseYaml));
  if (parsed.ok) return parsed.value;
  throw wrong(parsed.problems.map(({ message }) => message).join("; "));
}

function readYaml(text: string, parseYaml: ParseYaml): JsonValue {
  try {
    return parseYaml(text) as JsonValue;
  } catch (error) {
    throw wrong(`it is not YAML: ${messageOf(error).split("\n", 1)[0]}`, error);
  }
}

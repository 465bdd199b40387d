import { parseAuthSettings } from "#core/accounts/index.ts";
import { messageOf } from "#core/errors/index.ts";
import { viewObject } from "#core/object/index.ts";
import { isKnownSetting, knownSettings, parseSettings } from "#core/settings/index.ts";
import { expressionProblems } from "#engine/health-expressions.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { nearest } from "#runtime/nearest.ts";
import type { SettingsObjects } from "./read-settings.ts";

/** Argo CD's groups of settings, and what is registered. */
export const settingsGroups = [
  "accounts",
  "general",
  "kustomize",
  "repositories",
  "resource-overrides",
] as const;
type SettingsGroup = (typeof settingsGroups)[number];

export interface ValidatedGroup {
  readonly group: SettingsGroup;
  readonly summary: string;
  /** Each names object, key and fix. */
  readonly problems: readonly string[];
  /** What is allowed and does nothing. */
  readonly warnings: readonly string[];
}

interface Registered {
  readonly count: number;
  readonly problems: readonly string[];
}

/** Checks settings as the controller and the server read them. `registered` is what is said of repositories and clusters, where they were read. */
export function validateSettings(
  { configMap, secret, others }: SettingsObjects,
  registered: Registered | undefined,
): readonly ValidatedGroup[] {
  const parsed = parseSettings(configMap, parseConfigYaml);
  const auth = parseAuthSettings(
    { configMap, secret, otherSecret: (name) => others.find((one) => one.metadata.name === name) },
    parseConfigYaml,
  );
  const { namespace = "argocd" } = configMap?.metadata ?? {};
  const naming = (message: string) => `ConfigMap/${namespace}/argocd-cm: ${message}`;
  const keys = Object.keys(viewObject(configMap, "data"));
  const wrong = new Set(parsed.withoutEffect);
  const problems = [
    ...parsed.problems.filter((problem) => !wrong.has(problem)),
    ...expressionProblems(parsed.settings.healthScripts).map((problem) => naming(problem)),
    ...auth.problems,
    ...patternProblems(auth.settings.passwordPattern).map((problem) => naming(problem)),
  ];
  const warnings = [...parsed.withoutEffect, ...unknownKeys(keys).map((message) => naming(message))];
  const { healthScripts, actionScripts, ignoreDifferences, source } = parsed.settings;
  const overrides = new Set([
    ...Object.keys(healthScripts.exact),
    ...Object.keys(actionScripts),
    ...ignoreDifferences.map(({ group, kind }) => `${group}/${kind}`),
  ]).size;
  const summaries: Readonly<Record<SettingsGroup, string>> = {
    accounts: `${auth.settings.accounts.size} accounts`,
    general: summaryOfSso(auth.settings),
    kustomize: source.buildOptions === "" ? "default options" : source.buildOptions,
    repositories: registered === undefined ? "not read" : `${registered.count} Secrets`,
    "resource-overrides": `${overrides} resource overrides`,
  };
  return settingsGroups.map((group) => ({
    group,
    summary: summaries[group],
    problems: [
      ...problems.filter((problem) => groupOf(problem) === group),
      ...(group === "repositories" ? (registered?.problems ?? []) : []),
    ],
    warnings: warnings.filter((warning) => groupOf(warning) === group),
  }));
}

function summaryOfSso({ sso, url }: ReturnType<typeof parseAuthSettings>["settings"]): string {
  if (sso === undefined) return "SSO is not configured";
  const name = sso.kind === "oidc" ? "OIDC" : "Dex";
  return `${name} is configured${url === undefined ? " ('url' field is missing)" : ""}`;
}

/** Which group a message is of, by the key that follows the object that it begins with. */
function groupOf(problem: string): SettingsGroup {
  const [object = "", ...rest] = problem.split(": ");
  const message = rest.join(": ");
  if (object.startsWith("Secret/")) return message.startsWith("server.") ? "general" : "accounts";
  if (/^(?:accounts\.|admin\.)/u.test(message)) return "accounts";
  if (message.startsWith("kustomize.")) return "kustomize";
  return /^(?:resource\.customizations|mooring\.health)/u.test(message) ? "resource-overrides" : "general";
}

function patternProblems(pattern: string): readonly string[] {
  const compiled = compilePattern(pattern);
  if (!(compiled instanceof Error)) return [];
  return [`passwordPattern is no regular expression of RE2: ${messageOf(compiled)}; correct it`];
}

function unknownKeys(keys: readonly string[]): readonly string[] {
  return keys
    .filter((key) => !isKnownSetting(key))
    .map((key) => {
      const near = nearest(key, knownSettings);
      return `${key} has no effect: nobody reads a key of that name; ${near === undefined ? "remove it" : `did you mean ${near}?`}`;
    });
}

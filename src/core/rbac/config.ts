import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { PolicyText } from "./parse-policy.ts";
import { problemAt } from "./parse-policy.ts";
import type { MatchMode, RbacProblem } from "./types.ts";

/** What `argocd-rbac-cm` says, and the one key of `argocd-cm` that belongs to it. */
export interface RbacConfig {
  /** `policy.csv`, then `policy.*.csv` by name. */
  readonly texts: readonly PolicyText[];
  /** `policy.default`; empty for none. */
  readonly defaultRole: string;
  /** `scopes`: claims that hold groups. */
  readonly scopes: readonly string[];
  readonly matchMode: MatchMode;
  /**
   * Whether who may `update` or `delete` an Application may do so with each of its objects:
   * `server.rbac.disableApplicationFineGrainedRBACInheritance: "false"`.
   */
  readonly inheritsFineGrained: boolean;
  readonly problems: readonly RbacProblem[];
}

export const rbacConfigMapName = "argocd-rbac-cm";
const inheritanceKey = "server.rbac.disableApplicationFineGrainedRBACInheritance";
const defaultScopes: readonly string[] = ["groups"];

export interface RbacConfigMaps {
  /** `argocd-rbac-cm`; undefined when there is none. */
  readonly rbac: KubeObject | undefined;
  /** `argocd-cm`. */
  readonly settings?: KubeObject | undefined;
  /** A short text to value; throws when it is not YAML. */
  readonly parseYaml: (text: string) => unknown;
}

/** Never throws: what cannot be read gives nobody anything, and is a problem. */
export function parseRbacConfig({ rbac, settings, parseYaml }: RbacConfigMaps): RbacConfig {
  const data = stringsOf(rbac);
  const problems: RbacProblem[] = [];
  const report = (key: string, text: string, severity: RbacProblem["severity"] = "warning") =>
    void problems.push(problemAt({ source: `${rbacConfigMapName} ${key}`, text: "" }, severity, text));
  const matchMode = data.get("policy.matchMode") ?? "";
  if (!["", "glob", "regex"].includes(matchMode))
    report("policy.matchMode", `${JSON.stringify(matchMode)} is taken for glob; use glob or regex`);
  const defaultRole = data.get("policy.default") ?? "";
  if (defaultRole !== defaultRole.trim())
    report("policy.default", "the blanks around the role are part of its name; remove them");
  for (const key of data.keys())
    if (!isKnown(key)) report(key, "has no effect; policies are policy.csv and policy.<name>.csv");
  return {
    texts: textsOf(data),
    defaultRole,
    scopes: scopesOf(data.get("scopes"), { parseYaml, report }),
    matchMode: matchMode === "regex" ? "regex" : "glob",
    inheritsFineGrained: stringsOf(settings).get(inheritanceKey) === "false",
    problems,
  };
}

function stringsOf(configMap: KubeObject | undefined): ReadonlyMap<string, string> {
  if (configMap === undefined) return new Map();
  const entries = Object.entries(viewObject(configMap, "data"));
  return new Map(
    entries.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : [])),
  );
}

function isKnown(key: string): boolean {
  return ["policy.default", "policy.matchMode", "scopes"].includes(key) || isPolicy(key);
}

function isPolicy(key: string): boolean {
  return key.startsWith("policy.") && key.endsWith(".csv");
}

function textsOf(data: ReadonlyMap<string, string>): readonly PolicyText[] {
  const byName = [...data].filter(([key]) => isPolicy(key)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const first = byName.filter(([key]) => key === "policy.csv");
  const others = byName.filter(([key]) => key !== "policy.csv");
  return [...first, ...others].map(([key, text]) => ({ source: `${rbacConfigMapName} ${key}`, text }));
}

interface ScopeReader {
  readonly parseYaml: (text: string) => unknown;
  readonly report: (key: string, text: string, severity: RbacProblem["severity"]) => void;
}

const maxScopesLength = 4096;

/** A list of names, or one. What is neither gives nobody a group. */
function scopesOf(text: string | undefined, { parseYaml, report }: ScopeReader): readonly string[] {
  if (text === undefined || text.trim() === "") return defaultScopes;
  const wrong = (what: string) => {
    report("scopes", `${what}, so groups give nobody anything; write [groups, email]`, "error");
    return [];
  };
  if (text.length > maxScopesLength) return wrong(`it is longer than ${maxScopesLength} characters`);
  try {
    const value = parseYaml(text) as JsonValue;
    const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
    const names = list.filter((name) => typeof name === "string" && name !== "") as readonly string[];
    return names.length === list.length ? names : wrong("it is no list of claims");
  } catch (error) {
    return wrong(`it is not YAML (${messageOf(error).split("\n", 1)[0] ?? ""})`);
  }
}

import type { AppProject, AppProjectSpec, CompilePattern } from "#core/project/index.ts";
import { compilePolicy } from "./compile-policy.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import { parseRbacConfig } from "./config.ts";
import type { Enforcer } from "./enforcer.ts";
import { createEnforcer } from "./enforcer.ts";

/** As RE2 compiles it, as far as these tests need it. */
export const compilePattern: CompilePattern = (pattern) => {
  try {
    return pattern.includes("(?!")
      ? new Error("invalid or unsupported Perl syntax: `(?!`")
      : new RegExp(pattern, "u");
  } catch (error) {
    return error as Error;
  }
};

export type ConfigData = Readonly<Record<string, string>>;

export function configOf(data: ConfigData, settings: ConfigData = {}) {
  const configMap = (name: string, content: ConfigData) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: content,
  });
  return parseRbacConfig({
    rbac: configMap("argocd-rbac-cm", data),
    settings: configMap("argocd-cm", settings),
    parseYaml: (text) =>
      text.startsWith("[") ? text.slice(1, -1).split(/, ?/u) : (JSON.parse(`"${text}"`) as unknown),
  });
}

export function compiled(data: ConfigData | string, settings: ConfigData = {}): CompiledPolicy {
  const config = configOf(typeof data === "string" ? { "policy.csv": data } : data, settings);
  return compilePolicy(config, { compilePattern });
}

type Roles = NonNullable<AppProjectSpec["roles"]>;

export function projectOf(name: string, roles: Roles): AppProject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name }, spec: { roles } };
}

export function enforcerOf(
  policy: CompiledPolicy | ConfigData | string,
  projects: readonly AppProject[] = [],
): Enforcer {
  return createEnforcer({
    policy: typeof policy === "object" && "book" in policy ? (policy as CompiledPolicy) : compiled(policy),
    projects: new Map(projects.map((project) => [project.metadata.name, project])),
  });
}

/** `can(enforcer, "ada in devs", "applications sync shop/web")`. */
export function can(enforcer: Enforcer, who: string, what: string): boolean {
  const [subject = "", groups = ""] = who.split(" in ");
  const [resource = "", action = "", object = ""] = what.split(" ");
  const asker = { subject, groups: groups === "" ? [] : groups.split("+") };
  return enforcer.enforce(asker, { resource, action, object }).allowed;
}

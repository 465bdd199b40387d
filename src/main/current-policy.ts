import type { Identity } from "#api/auth/index.ts";
import type { PolicyView } from "#api/context.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { defaultProject, parseProject } from "#core/project/index.ts";
import {
  anonymous,
  compilePolicy,
  createEnforcer,
  parseRbacConfig,
  rbacConfigMapName,
  subjectOfClaims,
} from "#core/rbac/index.ts";
import type { AccessSubject, CompiledPolicy, Enforcer, RbacConfig } from "#core/rbac/index.ts";
import type { Hub } from "#ports/hub.ts";
import type { Log } from "#runtime/log.ts";
import { compilePattern } from "#runtime/patterns.ts";

export interface CurrentPolicyOptions {
  readonly parseYaml: (text: string) => unknown;
  readonly log: Log;
}

export interface CurrentPolicy extends PolicyView {
  /** Something that it is made from has changed. */
  readonly markStale: () => void;
}

interface Compiled {
  readonly config: RbacConfig;
  readonly policy: CompiledPolicy;
}

/** The policy of the hub's ConfigMaps and projects as they are now; compiled when it is first asked after a change. */
export function createCurrentPolicy(hub: Hub, { parseYaml, log }: CurrentPolicyOptions): CurrentPolicy {
  let enforcer: Enforcer | undefined;
  let compiled: (Compiled & { readonly from: readonly unknown[] }) | undefined;
  const compile = (): Compiled => {
    const rbac = hub.configMaps.get(`${hub.namespace}/${rbacConfigMapName}`);
    const settings = hub.configMaps.get(`${hub.namespace}/argocd-cm`);
    if (compiled !== undefined && compiled.from[0] === rbac && compiled.from[1] === settings) return compiled;
    const config = parseRbacConfig({ rbac, settings, parseYaml });
    const policy = compilePolicy(config, { compilePattern });
    for (const { severity, message } of policy.problems) {
      log.warn("policy problem", { severity, problem: message });
    }
    compiled = { config, policy, from: [rbac, settings] };
    return compiled;
  };
  return {
    enforcer: () => (enforcer ??= createEnforcer({ policy: compile().policy, projects: projectsOf(hub) })),
    subjectOf: (identity) => accessSubject(identity, compile().config.scopes),
    markStale: () => void (enforcer = undefined),
  };
}

/** Groups are what the configured claims of the token hold. */
function accessSubject(identity: Identity, scopes: readonly string[]): AccessSubject {
  if (identity.kind === "anonymous") return anonymous;
  return subjectOfClaims(identity.claims, { scopes, isOwn: identity.kind !== "oidc" });
}

/** A project that cannot be read gives nobody anything. */
function projectsOf(hub: Hub): ReadonlyMap<string, AppProject> {
  const projects = new Map<string, AppProject>([["default", defaultProject(hub.namespace)]]);
  for (const object of hub.projects.values()) {
    try {
      projects.set(object.metadata.name ?? "", parseProject(object));
    } catch (error) {
      if (!isMooringError(error)) throw error;
      projects.delete(object.metadata.name ?? "");
    }
  }
  return projects;
}

import {
  actionsOf,
  compilePolicy,
  createEnforcer,
  formatBecause,
  isAction,
  projectResources,
  resourceNamed,
  resources,
} from "#core/rbac/index.ts";
import type { AccessRequest } from "#core/rbac/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { defineCommand } from "../../../../command.ts";
import { policyFlags, readPolicy } from "../../../../rbac-policy.ts";
import { usageError } from "../../../../usage-error.ts";
import { nearest } from "#runtime/nearest.ts";

export const command = defineCommand({
  name: "admin settings rbac can",
  summary: "Check what a role, user or group may do",
  details:
    "Answers Yes with exit code 0 or No with exit code 1, and says on standard error which line decided. The resource may be shortened: app, proj, repo, cert.",
  examples: [
    "mooring admin settings rbac can role:dev create app shop/web --policy-file policy.csv",
    "mooring admin settings rbac can ada sync app shop/web --namespace argocd",
    "mooring admin settings rbac can proj:shop:deployer update/apps/Deployment/shop/web app shop/web",
  ],
  args: { usage: "ROLE/SUBJECT ACTION RESOURCE [SUB-RESOURCE]", min: 3, max: 4 },
  flags: {
    ...policyFlags,
    "default-role": {
      type: "string",
      value: "ROLE",
      description: "What everybody has; policy.default by default",
    },
    "use-builtin-policy": {
      type: "boolean",
      description: "With role:readonly and role:admin; true by default",
    },
    strict: {
      type: "boolean",
      description: "Refuse resources and actions that do not exist; true by default",
    },
    quiet: { type: "boolean", short: "q", description: "Print nothing; the exit code is the answer" },
  },
  run: async (invocation, ports) => {
    const { flags, args } = invocation;
    const [subject = ""] = args;
    const request = requestOf(args, flags.strict !== false);
    const { config, projects } = await readPolicy(invocation, ports);
    const policy = compilePolicy(
      { ...config, defaultRole: flags["default-role"] ?? config.defaultRole },
      { compilePattern, withoutBuiltIn: flags["use-builtin-policy"] === false },
    );
    const decision = createEnforcer({ policy, projects }).enforce({ subject, groups: [] }, request);
    if (flags.quiet !== true) {
      for (const { message } of policy.problems) ports.stderr.write(`warning: ${message}\n`);
      ports.stdout.write(decision.allowed ? "Yes\n" : "No\n");
      ports.stderr.write(`${formatBecause(decision)}\n`);
      const hasRules = policy.book.rulesOf.has(subject) && !policy.book.rolesOf.has(subject);
      if (hasRules && !/^(?:role|proj):/u.test(subject)) ports.stderr.write(noteOnGroups(subject));
    }
    return decision.allowed ? 0 : 1;
  },
});

function requestOf(args: readonly string[], isStrict: boolean): AccessRequest {
  const [, action = "", name = "", given = ""] = args;
  const resource = resourceNamed(name);
  if (isStrict && !resources.includes(resource)) {
    const near = nearest(resource, resources);
    const fix = near === undefined ? `use ${resources.join(", ")}` : `did you mean ${near}?`;
    throw usageError(`resource ${JSON.stringify(name)}: does not exist; ${fix}`);
  }
  if (isStrict && !isAction(resource, action)) {
    const fix = `use ${actionsOf(resource).join(", ")}, or --strict=false`;
    throw usageError(`action ${JSON.stringify(action)}: does not exist for ${resource}; ${fix}`);
  }
  const isWhole = (given === "" || given === "*") && projectResources.includes(resource);
  return { resource, action, object: isWhole ? "*/*" : given };
}

function noteOnGroups(name: string): string {
  return `note: if ${name} is a group, its p lines count only beside a line g, ${name}, <role>\n`;
}

import { compilePolicy } from "#core/rbac/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { defineCommand, noArgs } from "../../../../command.ts";
import { policyFlags, readPolicy } from "../../../../rbac-policy.ts";
import { usageError } from "../../../../usage-error.ts";

export const command = defineCommand({
  name: "admin settings rbac validate",
  summary: "Check an RBAC policy for mistakes",
  details: "Ends with exit code 1 when a line has a mistake. Warnings alone leave a policy valid.",
  examples: [
    "mooring admin settings rbac validate --policy-file policy.csv",
    "mooring admin settings rbac validate --namespace argocd",
  ],
  args: noArgs,
  flags: policyFlags,
  run: async (invocation, ports) => {
    const { config } = await readPolicy(invocation, ports);
    if (config.texts.every(({ text }) => text.trim() === ""))
      throw usageError("policy: is empty; write lines into policy.csv, or name another with --policy-file");
    const { problems } = compilePolicy(config, { compilePattern });
    const errors = problems.filter(({ severity }) => severity === "error");
    for (const { severity, message } of problems)
      if (severity === "warning") ports.stderr.write(`warning: ${message}\n`);
    if (errors.length === 0) {
      ports.stdout.write("Policy is valid.\n");
      return 0;
    }
    ports.stdout.write(`Policy is invalid: ${errors.map(({ message }) => message).join("\n  ")}\n`);
    return 1;
  },
});

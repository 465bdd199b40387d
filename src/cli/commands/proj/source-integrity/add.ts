import { defineCommand } from "../../../command.ts";
import { usageError } from "../../../usage-error.ts";
import { changePolicies, listed, modes } from "./policies.ts";

export const command = defineCommand({
  name: "proj source-integrity git policies add",
  summary: "Add a rule about signatures to a project",
  examples: [
    "mooring proj source-integrity git policies add shop --repo-url 'https://git.example.com/*' --gpg-mode head --gpg-key D56C4FCA57A46444",
  ],
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: {
    "repo-url": { type: "strings", value: "GLOB", description: "Repositories it is for" },
    "gpg-mode": { type: "string", choices: modes, description: "What must be signed" },
    "gpg-key": { type: "strings", value: "ID", description: "Keys of which one must have signed" },
  },
  run: async (invocation, ports) => {
    const { "repo-url": urls, "gpg-mode": mode, "gpg-key": keys } = invocation.flags;
    if (urls.length === 0) throw usageError("flag --repo-url is needed; name repositories, such as '*'");
    if (mode === undefined) throw usageError(`flag --gpg-mode is needed; write ${modes.join(", ")}`);
    const policy = { repos: listed(urls).map((url) => ({ url })), gpg: { mode, keys: [...listed(keys)] } };
    let id = 0;
    await changePolicies(invocation, {
      ports,
      change: (policies) => {
        id = policies.length;
        return [...policies, policy];
      },
    });
    ports.stdout.write(`policy ${id} added to project '${invocation.args[0] ?? ""}'\n`);
    return 0;
  },
});

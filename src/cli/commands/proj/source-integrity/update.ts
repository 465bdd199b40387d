import type { FlagValues, Flags } from "../../../command.ts";
import { defineCommand } from "../../../command.ts";
import { confirm } from "../../../confirm.ts";
import { placeOfHub } from "../../../hub.ts";
import { usageError } from "../../../usage-error.ts";
import type { GitPolicy } from "./policies.ts";
import { changePolicies, listed, modes, placeOf } from "./policies.ts";

const flags = {
  "repo-url": { type: "strings", value: "GLOB", description: "Repositories it is for, in place of all" },
  "add-repo-url": { type: "strings", value: "GLOB", description: "Repositories to add" },
  "delete-repo-url": { type: "strings", value: "GLOB", description: "Repositories to take away" },
  "gpg-mode": { type: "string", choices: modes, description: "What must be signed" },
  "gpg-key": { type: "strings", value: "ID", description: "Keys, in place of all" },
  "add-gpg-key": { type: "strings", value: "ID", description: "Keys to add" },
  "delete-gpg-key": { type: "strings", value: "ID", description: "Keys to take away" },
  yes: { type: "boolean", short: "y", description: "Do not ask" },
} as const satisfies Flags;

type Given = FlagValues<typeof flags>;

export const command = defineCommand({
  name: "proj source-integrity git policies update",
  summary: "Change a rule about signatures of a project",
  args: { usage: "PROJECT POLICY_ID", min: 2, max: 2 },
  flags,
  run: async (invocation, ports) => {
    const [project = "", id = ""] = invocation.args;
    const { flags: given } = invocation;
    const { yes, "gpg-mode": mode, ...lists } = given;
    const isAnything =
      mode !== undefined || Object.values(lists).some((one) => Array.isArray(one) && one.length > 0);
    if (!isAnything)
      throw usageError("nothing to change; pass --repo-url, --gpg-mode, --gpg-key or the like");
    if (yes !== true) {
      const question = `Change policy ${id} of project ${project} ${await placeOfHub(invocation, ports)}?`;
      if (!(await confirm(question, { ports, flag: "--yes" }))) return 1;
    }
    await changePolicies(invocation, {
      ports,
      change: (policies) => {
        const place = placeOf(id, policies);
        return policies.map((policy, at) => (at === place ? changed(policy, given) : policy));
      },
    });
    ports.stdout.write(`policy ${id} of project '${project}' changed\n`);
    return 0;
  },
});

function changed(policy: GitPolicy, given: Given): GitPolicy {
  const urls = edited(
    policy.repos.map(({ url }) => url),
    { all: given["repo-url"], added: given["add-repo-url"], removed: given["delete-repo-url"] },
  );
  const keys = edited(policy.gpg.keys, {
    all: given["gpg-key"],
    added: given["add-gpg-key"],
    removed: given["delete-gpg-key"],
  });
  return {
    repos: urls.map((url) => ({ url })),
    gpg: { mode: given["gpg-mode"] ?? policy.gpg.mode, keys: [...keys] },
  };
}

interface Edits {
  readonly all: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Throws CLI_USAGE for an entry to take away that is not there. */
function edited(before: readonly string[], { all, added, removed }: Edits): readonly string[] {
  const base = all.length > 0 ? listed(all) : before;
  const gone = listed(removed);
  const missing = gone.filter((entry) => !base.includes(entry));
  if (missing.length > 0) throw usageError(`${missing.join(", ")} is not in ${base.join(", ")}`);
  return [...new Set([...base.filter((entry) => !gone.includes(entry)), ...listed(added)])];
}

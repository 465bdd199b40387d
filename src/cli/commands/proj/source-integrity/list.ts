import { parseProject } from "#core/project/index.ts";
import { defineCommand } from "../../../command.ts";
import { openHub, readProject } from "../../../hub.ts";
import { formatTable } from "../../../output/table.ts";
import { gitPoliciesOf } from "./policies.ts";

export const command = defineCommand({
  name: "proj source-integrity git policies list",
  summary: "List a project's rules about signatures",
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: {},
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const { spec } = parseProject(await readProject(hub, invocation.args[0] ?? "", ports.signal));
    const rows = gitPoliciesOf(spec).map(({ repos, gpg }, id) => [
      String(id),
      repos.map(({ url }) => url).join(","),
      gpg.mode,
      gpg.keys.join(","),
    ]);
    ports.stdout.write(formatTable([["ID", "REPO-URLS", "GPG-MODE", "GPG-KEYS"], ...rows]));
    return 0;
  },
});

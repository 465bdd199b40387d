import { confirm } from "../../../confirm.ts";
import { placeOfHub } from "../../../hub.ts";
import { defineCommand } from "../../../command.ts";
import { changePolicies, placeOf } from "./policies.ts";

export const command = defineCommand({
  name: "proj source-integrity git policies delete",
  summary: "Delete rules about signatures from a project",
  args: { usage: "PROJECT POLICY_ID...", min: 2, max: 100 },
  flags: { yes: { type: "boolean", short: "y", description: "Do not ask" } },
  run: async (invocation, ports) => {
    const [project = "", ...ids] = invocation.args;
    if (invocation.flags.yes !== true) {
      const question = `Delete policy ${ids.join(", ")} of project ${project} ${await placeOfHub(invocation, ports)}?`;
      if (!(await confirm(question, { ports, flag: "--yes" }))) return 1;
    }
    await changePolicies(invocation, {
      ports,
      change: (policies) => {
        const places = new Set(ids.map((id) => placeOf(id, policies)));
        return policies.filter((_, at) => !places.has(at));
      },
    });
    ports.stdout.write(`policy ${ids.join(", ")} of project '${project}' deleted\n`);
    return 0;
  },
});

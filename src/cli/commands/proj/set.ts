import { defineCommand } from "../../command.ts";
import { usageError } from "../../usage-error.ts";
import { changeValidProject } from "./change-project.ts";
import { specFlags, specOf } from "./spec-flags.ts";

export const command = defineCommand({
  name: "proj set",
  summary: "Change a project's spec",
  details: "A list that is given replaces the one that was there.",
  examples: ["mooring proj set shop -s 'https://git.example.com/shop/*' --description 'The shop'"],
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: specFlags,
  run: async (invocation, ports) => {
    const fields = specOf({}, invocation.flags);
    if (Object.keys(fields).length === 0) {
      throw usageError("proj set needs a field to change, such as --description TEXT");
    }
    await changeValidProject(invocation, { ports, change: () => fields });
    ports.stdout.write(`project '${invocation.args[0] ?? ""}' updated\n`);
    return 0;
  },
});

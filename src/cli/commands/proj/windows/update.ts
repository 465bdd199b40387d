import { defineCommand } from "../../../command.ts";
import { usageError } from "../../../usage-error.ts";
import { changeOne, changeWindows, oneWindow } from "./change-windows.ts";
import { updateFlags, windowFields } from "./fields.ts";

export const command = defineCommand({
  name: "proj windows update",
  summary: "Change a sync window of a project",
  details: "A list that is given replaces the one that was there.",
  examples: ["mooring proj windows update shop 0 --namespaces default,shop"],
  args: oneWindow,
  flags: updateFlags,
  run: async (invocation, ports) => {
    const [project = "", id = ""] = invocation.args;
    const fields = windowFields(invocation.flags);
    if (Object.keys(fields).length === 0) {
      throw usageError("proj windows update needs a field to change, such as --schedule '0 22 * * *'");
    }
    await changeWindows(invocation, {
      ports,
      change: (windows) => changeOne(windows, id, (window) => ({ ...window, ...fields })),
    });
    ports.stdout.write(`window ${id} of project '${project}' updated\n`);
    return 0;
  },
});

import { defineCommand } from "../../../command.ts";
import { changeOne, changeWindows, oneWindow } from "./change-windows.ts";

export const command = defineCommand({
  name: "proj windows delete",
  summary: "Delete a sync window of a project",
  details: "The windows behind it get the next lower ID.",
  args: oneWindow,
  flags: {},
  run: async (invocation, ports) => {
    const [project = "", id = ""] = invocation.args;
    await changeWindows(invocation, {
      ports,
      change: (windows) => changeOne(windows, id, () => undefined),
    });
    ports.stdout.write(`window ${id} of project '${project}' deleted\n`);
    return 0;
  },
});

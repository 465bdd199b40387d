import { defineCommand } from "../../../command.ts";
import { usageError } from "../../../usage-error.ts";
import { changeWindows } from "./change-windows.ts";
import { addFlags, windowFields } from "./fields.ts";

export const command = defineCommand({
  name: "proj windows add",
  summary: "Add a sync window to a project",
  examples: [
    "mooring proj windows add shop --kind deny --schedule '0 22 * * *' --duration 8h --time-zone Europe/Berlin --applications '*'",
  ],
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: addFlags,
  run: async (invocation, ports) => {
    const window = windowFields(invocation.flags);
    const { kind, schedule, duration, applications, namespaces, clusters } = window;
    const isWhole = kind !== undefined && schedule !== undefined && duration !== undefined;
    if (!isWhole || (applications ?? namespaces ?? clusters) === undefined) {
      throw usageError(
        "proj windows add needs --kind, --schedule, --duration, and one of --applications, --namespaces and --clusters",
      );
    }
    let id = 0;
    await changeWindows(invocation, {
      ports,
      change: (windows) => {
        id = windows.length;
        return [...windows, window];
      },
    });
    ports.stdout.write(`window ${id} added to project '${invocation.args[0] ?? ""}'\n`);
    return 0;
  },
});

import type { Command } from "../../../command.ts";
import { defineCommand } from "../../../command.ts";
import { changeOne, changeWindows, oneWindow } from "./change-windows.ts";

interface Switch {
  readonly verb: "enable" | "disable";
  readonly field: "manualSync" | "syncOverrun";
  readonly summary: string;
}

/** A command that switches a field of a window on or off. */
export function switchCommand({ verb, field, summary }: Switch): Command {
  const words = field === "manualSync" ? "manual-sync" : "sync-overrun";
  return defineCommand({
    name: `proj windows ${verb}-${words}`,
    summary,
    args: oneWindow,
    flags: {},
    run: async (invocation, ports) => {
      const [project = "", id = ""] = invocation.args;
      await changeWindows(invocation, {
        ports,
        change: (windows) => changeOne(windows, id, (window) => ({ ...window, [field]: verb === "enable" })),
      });
      ports.stdout.write(`window ${id} of project '${project}': ${words} ${verb}d\n`);
      return 0;
    },
  });
}

import { defineCommand } from "../command.ts";
import {
  currentContext,
  isUnchosen,
  listContexts,
  withCurrent,
  withoutContext,
} from "../login/login-file.ts";
import { changeLogins, readLogins } from "../login/read-logins.ts";
import { formatTable } from "../output/table.ts";
import { readServerOptions } from "../server/read-options.ts";
import { usageError } from "../usage-error.ts";

const next =
  "choose one with: mooring context NAME, or work on the kubeconfig's cluster with: mooring login --core";

export const command = defineCommand({
  name: "context",
  summary: "List logins, choose one, or forget one",
  details: "Without CONTEXT they are listed; the one that commands use has a star.",
  examples: ["mooring context", "mooring context staging", "mooring context staging --delete"],
  args: { usage: "[CONTEXT]", min: 0, max: 1 },
  flags: { delete: { type: "boolean", description: "Forget the login; its session goes on at the server" } },
  run: async (invocation, ports) => {
    const options = readServerOptions(invocation, ports);
    const [name] = invocation.args;
    if (invocation.flags.delete === true) {
      if (name === undefined) throw usageError("context --delete needs CONTEXT; see: mooring context");
      let isChosen = true;
      await changeLogins(options, ports, (file) => {
        const left = withoutContext(file, name);
        isChosen = !isUnchosen(left);
        return left;
      });
      ports.stdout.write(`Context '${name}' deleted\n`);
      if (!isChosen) ports.stderr.write(`no login is chosen now; ${next}\n`);
      return 0;
    }
    if (name === undefined) {
      const file = await readLogins(options, ports);
      const current = currentContext(file);
      const rows = listContexts(file).map((one) => [one.name === current ? "*" : "", one.name, one.server]);
      ports.stdout.write(formatTable([["CURRENT", "NAME", "SERVER"], ...rows]));
      return 0;
    }
    await changeLogins(options, ports, (file) => withCurrent(file, name));
    ports.stdout.write(`Switched to context '${name}'\n`);
    return 0;
  },
});

import type { Command } from "./command.ts";
import { exitCodeOf, printError } from "./exit.ts";
import { findCommand } from "./find-command.ts";
import { parseInvocation } from "./parse.ts";
import type { CliPorts } from "./ports.ts";
import { shielded } from "./output/shielded.ts";
import { isGroup, root } from "./registry/index.ts";

/** Runs one command line, without the program's name, and returns its exit code. Never throws. */
export async function runCli(argv: readonly string[], world: CliPorts): Promise<number> {
  const ports = shielded(world);
  let command: Command | undefined;
  try {
    if (argv[0] === "__complete") {
      const { complete } = await import("./complete.ts");
      return await complete(argv.slice(1), ports);
    }
    const { path, node, rest } = findCommand(root, argv);
    if (isGroup(node)) {
      const { formatGroupHelp } = await import("./help.ts");
      const asked = rest.includes("--help") || rest.includes("-h") || argv.length === 0;
      (asked ? ports.stdout : ports.stderr).write(formatGroupHelp(path, node));
      return asked ? 0 : exitUsage;
    }
    ({ command } = await node.load());
    const invocation = parseInvocation(command, rest);
    if (invocation.flags.help === true) {
      const { formatCommandHelp } = await import("./help.ts");
      ports.stdout.write(formatCommandHelp(command));
      return 0;
    }
    return await command.run(invocation, ports);
  } catch (error) {
    printError(ports.stderr, error, { debug: isDebug(argv) });
    const code = exitCodeOf(error);
    return command?.errorExit !== undefined && code !== 130 ? command.errorExit : code;
  }
}

const exitUsage = 20;

/** Read from the words themselves: an error may come before they are parsed. */
function isDebug(argv: readonly string[]): boolean {
  return argv.some(
    (word, i) => word === "--loglevel=debug" || (word === "--loglevel" && argv[i + 1] === "debug"),
  );
}

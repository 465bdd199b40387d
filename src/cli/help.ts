import type { Command, Flags } from "./command.ts";
import { globalFlags } from "./command.ts";
import type { Group } from "./registry/index.ts";

/** Help of a group: its commands, one line each. */
export function formatGroupHelp(path: readonly string[], group: Group): string {
  const name = ["mooring", ...path].join(" ");
  const rows = Object.entries(group.commands).map(([word, node]) => [word, node.summary] as const);
  return `${group.summary}

Usage:
  ${name} COMMAND [flags]

Commands:
${columns(rows)}

Help on one of them: ${name} COMMAND --help
`;
}

export function formatCommandHelp(command: Command): string {
  const usage = `mooring ${command.name} ${command.args.usage}`.trimEnd();
  const own = Object.fromEntries(Object.entries(command.flags));
  const globals = Object.fromEntries(Object.entries(globalFlags).filter(([name]) => !(name in own)));
  const sections = [
    command.summary,
    ...(command.details === undefined ? [] : [command.details]),
    `Usage:\n  ${usage} [flags]`,
    ...(command.examples === undefined
      ? []
      : [`Examples:\n${command.examples.map((line) => `  ${line}`).join("\n")}`]),
    ...(Object.keys(own).length === 0 ? [] : [`Flags:\n${formatFlags(own)}`]),
    `Flags of every command:\n${formatFlags(globals)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function formatFlags(flags: Flags): string {
  const rows = Object.entries(flags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => {
      const short = flag.short === undefined ? "    " : `-${flag.short}, `;
      const fallback = { string: "TEXT", strings: "TEXT", integer: "N", boolean: "" }[flag.type];
      const value = flag.choices?.join("|") ?? flag.value ?? fallback;
      const more = flag.type === "strings" ? " (repeatable)" : "";
      return [`${short}--${name} ${value}`.trimEnd(), flag.description + more] as const;
    });
  return columns(rows);
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(36, Math.max(0, ...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => formatRow(left, right, width)).join("\n");
}

function formatRow(left: string, right: string, width: number): string {
  return left.length > width
    ? `  ${left}\n  ${" ".repeat(width)}  ${right}`
    : `  ${left.padEnd(width)}  ${right}`;
}

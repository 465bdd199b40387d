import { parseArgs } from "node:util";
import type { Command, FlagSpec, Flags, Invocation } from "./command.ts";
import { globalFlags } from "./command.ts";
import { usageError } from "./usage-error.ts";
import { nearest } from "#runtime/nearest.ts";

type Value = string | boolean | number | readonly string[] | undefined;

/** The command's own flags win over global ones of the same name. */
export function flagsOf(command: Pick<Command, "flags">): Flags {
  const own: Flags = command.flags;
  const taken = new Set(Object.values(own).map((flag) => flag.short));
  const globals = Object.entries<FlagSpec>(globalFlags).map(([name, { short, ...flag }]) => [
    name,
    short === undefined || taken.has(short) ? flag : { ...flag, short },
  ]);
  return { ...(Object.fromEntries(globals) as Flags), ...own };
}

/** Parses what follows a command's name, as kubectl and argocd do (`--flag value`, `--flag=value`, `-fvalue`). Throws CLI_USAGE. */
export function parseInvocation(command: Command, argv: readonly string[]): Invocation {
  const flags = flagsOf(command);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [
        name,
        {
          type: flag.type === "boolean" ? "boolean" : "string",
          multiple: true,
          ...(flag.short === undefined ? {} : { short: flag.short }),
        },
      ]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string[]>();
  const args: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") args.push(token.value);
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(command, token.rawName, flags);
    values.set(token.name, [...(values.get(token.name) ?? []), textOf(token.rawName, token.value, flag)]);
  }
  if (values.get("help")?.at(-1) !== "true") checkArgs(command, args);
  const read = Object.entries(flags).map(([name, flag]) => [
    name,
    valueOf(`--${name}`, flag, values.get(name)),
  ]);
  return { args, flags: Object.fromEntries(read) as Invocation["flags"] };
}

function unknownFlag(command: Command, given: string, flags: Flags): Error {
  const near = nearest(given.replace(/^--?/u, ""), Object.keys(flags));
  const hint = near === undefined ? `see: mooring ${command.name} --help` : `did you mean --${near}?`;
  return usageError(`${command.name}: unknown flag ${given}; ${hint}`);
}

function textOf(given: string, value: string | undefined, flag: FlagSpec): string {
  if (flag.type === "boolean") return value ?? "true";
  if (value === undefined)
    throw usageError(`flag ${given} needs a value; write ${given} ${flag.value ?? "VALUE"}`);
  return value;
}

function checkArgs(command: Command, args: readonly string[]): void {
  const { min, max, usage } = command.args;
  if (args.length >= min && args.length <= max) return;
  const extra = args[max];
  const what = args.length < min ? `needs ${usage}` : `does not take ${JSON.stringify(extra)}`;
  throw usageError(`${command.name} ${what}; write: mooring ${command.name} ${usage}`.trimEnd());
}

function valueOf(name: string, flag: FlagSpec, given: readonly string[] | undefined): Value {
  if (flag.type === "strings") return given ?? [];
  const text = given?.at(-1);
  if (text === undefined) return undefined;
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    throw usageError(`flag ${name}: ${JSON.stringify(text)} is not possible; use ${flag.choices.join(", ")}`);
  }
  if (flag.type === "integer") return integerOf(name, text);
  return flag.type === "boolean" ? booleanOf(name, text) : text;
}

function integerOf(name: string, text: string): number {
  if (!/^-?\d{1,9}$/u.test(text))
    throw usageError(`flag ${name}: ${JSON.stringify(text)} is no whole number`);
  return Number(text);
}

function booleanOf(name: string, text: string): boolean {
  if (["true", "t", "1"].includes(text.toLowerCase())) return true;
  if (["false", "f", "0"].includes(text.toLowerCase())) return false;
  throw usageError(`flag ${name}: ${JSON.stringify(text)} is neither true nor false`);
}

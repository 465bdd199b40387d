import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { jsonEqual, viewArray } from "#core/object/index.ts";
import type { ArgsSpec, Command, Flags, FlagValues } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import { usageError } from "../../usage-error.ts";
import { changeValidProject } from "./change-project.ts";

/** A list of a project to which commands add entries. */
interface Entries<F extends Flags> {
  /** As commands are named: `source`. */
  readonly noun: string;
  /** As sentences say it. */
  readonly words: string;
  /** The words behind PROJECT. */
  readonly usage: string;
  readonly flags: F;
  /** The entry that a command line means. Throws CLI_USAGE. */
  readonly entry: (args: readonly string[], flags: FlagValues<F>) => JsonValue;
  /** Where the list stands in the spec. */
  readonly path: readonly [string, ...string[]];
}

/** The commands `proj add-…` and `proj remove-…` of a list. */
export function entryCommands<const F extends Flags>(
  entries: Entries<F>,
): {
  readonly add: Command;
  readonly remove: Command;
} {
  const { noun, words, usage, flags } = entries;
  const count = 1 + usage.split(" ").length;
  const args: ArgsSpec = { usage: `PROJECT ${usage}`, min: count, max: count };
  const run = (verb: "add" | "remove") =>
    defineCommand({
      name: `proj ${verb}-${noun}`,
      summary: verb === "add" ? `Add a ${words} to a project` : `Remove a ${words} from a project`,
      args,
      flags,
      run: async (invocation, ports) => {
        const [project = "", ...rest] = invocation.args;
        const entry = entries.entry(rest, invocation.flags);
        const { path } = entries;
        await changeValidProject(invocation, {
          ports,
          change: (spec, subject) => {
            const before = viewArray(spec as JsonObject, ...path);
            return placed(path, changed(before, entry, { verb, subject, words, path }), spec as JsonObject);
          },
        });
        const done = verb === "add" ? "added to" : "removed from";
        ports.stdout.write(`${words} ${rest.join(" ")} ${done} project '${project}'\n`);
        return 0;
      },
    });
  return { add: run("add"), remove: run("remove") };
}

interface Asked {
  readonly verb: "add" | "remove";
  readonly subject: string;
  readonly words: string;
  readonly path: readonly string[];
}

function changed(
  before: readonly JsonValue[],
  entry: JsonValue,
  { verb, subject, words, path }: Asked,
): readonly JsonValue[] {
  const others = before.filter((one) => !jsonEqual(one, entry));
  const isThere = others.length < before.length;
  const field = `spec.${path.join(".")}`;
  if (verb === "add" && isThere) throw usageError(`${subject}: ${field} has this ${words} already`);
  if (verb === "add") return [...before, entry];
  if (isThere) return others;
  const there = before.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  throw usageError(
    `${subject}: ${field} does not have this ${words}; ${there.length === 0 ? "it is empty" : `it has ${there.join(", ")}`}`,
  );
}

/** The first field of the path with the list in its place. */
function placed(
  [field, ...rest]: readonly [string, ...string[]],
  list: readonly JsonValue[],
  within: JsonObject,
): JsonObject {
  const [next, ...deeper] = rest;
  if (next === undefined) return { [field]: [...list] };
  const inner = within[field];
  const object =
    typeof inner === "object" && inner !== null && !Array.isArray(inner) ? (inner as JsonObject) : {};
  return { [field]: { ...object, ...placed([next, ...deeper], list, object) } };
}

import type { JsonObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";

/** How a command ends; undefined `afterMs` for one that says nothing of time, Infinity for one that does not end. */
interface CommandEnd {
  readonly code: number;
  readonly afterMs: number | undefined;
}

/**
 * What can be told of a container's command without running it: `true`, `false`, `sleep N`, and shell scripts that consist of
 * those, `echo` and `exit N`. Undefined for all others.
 */
export function commandEndOf(container: JsonObject): CommandEnd | undefined {
  const words = [...viewArray(container, "command"), ...viewArray(container, "args")].map(String);
  const [program = "", ...rest] = words;
  const base = program.split("/").at(-1) ?? "";
  if (!["sh", "bash", "ash"].includes(base)) return statementEnd([base, ...rest]);
  const option = rest.findIndex((word) => /^-\w*c$/.test(word));
  return option < 0 ? undefined : scriptEnd(rest[option + 1] ?? "");
}

function statementEnd([program = "", first = ""]: readonly string[]): CommandEnd | undefined {
  if (program === "true" || program === "echo") return { code: 0, afterMs: undefined };
  if (program === "false") return { code: 1, afterMs: undefined };
  if (program !== "sleep") return undefined;
  const seconds = first === "infinity" ? Infinity : Number.parseFloat(first);
  return Number.isNaN(seconds) ? undefined : { code: 0, afterMs: seconds * 1000 };
}

function scriptEnd(script: string): CommandEnd | undefined {
  let [code, afterMs]: [number, number | undefined] = [0, undefined];
  const statements = script.split(/\s*(?:;|&&|\n)\s*/).filter((text) => text.trim() !== "");
  for (const statement of statements) {
    const words = statement.trim().split(/\s+/);
    if (words[0] === "exit") return { code: Number.parseInt(words[1] ?? String(code), 10) || 0, afterMs };
    if (words[0] === "set") continue;
    const end = statementEnd(words);
    if (end === undefined) return undefined;
    code = end.code;
    if (end.afterMs !== undefined) afterMs = (afterMs ?? 0) + end.afterMs;
  }
  return { code, afterMs };
}

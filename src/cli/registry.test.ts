import { describe, expect, it } from "vitest";
import type { Command, FlagSpec } from "./command.ts";
import { globalFlags } from "./command.ts";
import { complete } from "./complete.ts";
import type { Group } from "./registry/index.ts";
import { isGroup, root } from "./registry/index.ts";
import { createTestPorts } from "./testing.ts";

async function allCommands(group: Group, path: readonly string[] = []): Promise<[string, string, Command][]> {
  const found = await Promise.all(
    Object.entries(group.commands).map(async ([word, node]): Promise<[string, string, Command][]> => {
      if (isGroup(node)) return allCommands(node, [...path, word]);
      return [[[...path, word].join(" "), node.summary, (await node.load()).command]];
    }),
  );
  return found.flat();
}

async function completed(...words: readonly string[]): Promise<string> {
  const ports = createTestPorts();
  await complete(words, ports);
  return ports.printed().trim().replaceAll("\n", " ");
}

describe("the command tree", () => {
  it("loads every command under its own name and summary", async () => {
    const commands = await allCommands(root);
    expect(commands.map(([path, summary]) => [path, summary])).toEqual(
      commands.map(([, , command]) => [command.name, command.summary]),
    );
  });

  it("gives no two flags of a command the same letter, and takes none from a global one unawares", async () => {
    const clashes = (await allCommands(root)).flatMap(([path, , { flags }]) => {
      const letters = Object.values(flags).flatMap(({ short }) => (short === undefined ? [] : [short]));
      const taken = new Set(Object.values<FlagSpec>(globalFlags).map(({ short }) => short));
      const twice = letters.filter((letter, i) => letters.indexOf(letter) !== i || taken.has(letter));
      return twice.map((letter) => `${path} -${letter}`);
    });
    expect(clashes).toEqual([]);
  });

  it("completes commands, flags and the values of flags", async () => {
    expect({
      commands: await completed("app", "un"),
      flags: await completed("app", "sync", "web", "--retry"),
      values: await completed("app", "list", "-o", ""),
    }).toEqual({
      commands: "unset",
      flags: "--retry-backoff-duration --retry-backoff-factor --retry-backoff-max-duration --retry-limit",
      values: "wide name json yaml",
    });
  });
});

import { describe, expect, it } from "vitest";
import { confirm } from "../confirm.ts";
import { runCli } from "../main.ts";
import type { CliPorts, Output } from "../ports.ts";
import { createTestPorts } from "../testing.ts";
import { createPaint } from "./paint.ts";
import { printDocuments, printValue } from "./print-value.ts";
import { plainText, shielded, writeForeignLine } from "./shielded.ts";

/** Sets the window's title, clears the screen, turns the reading direction and goes back to the line's start. */
const hostile = "a\u001B]0;mine\u0007b\u001B[2Jc\u009B31md\u202Ee\rf\u0085g\u200Bh";
const harmless = "a?]0;mine?b?[2Jc?31md?e?f?g?h";

/** What a command prints that is given these ports, on a terminal. */
function onTerminal(): { readonly ports: CliPorts; readonly text: () => string } {
  let text = "";
  const terminal: Output = { isTTY: true, write: (more) => void (text += more) };
  return { ports: { ...createTestPorts(), stdout: terminal, stderr: terminal }, text: () => text };
}

describe("what a terminal is sent", () => {
  it("shows control and format characters, and does not obey them", () => {
    expect(plainText(hostile)).toBe(harmless);
    expect(plainText("Ä 語 🚢\tx\n")).toBe("Ä 語 🚢\tx\n");
  });

  it("has none of those of an error, of a list or of a question", async () => {
    const { ports, text } = onTerminal();
    expect(await runCli(["app", hostile], ports)).toBe(20);
    expect(text()).toContain(harmless);
    const logins = `contexts: [{name: ${JSON.stringify(`${hostile}\nforged`)}, server: b}]\n`;
    const read = () => Promise.resolve(logins);
    await runCli(["context"], { ...ports, env: { HOME: "/" }, logins: { ...ports.logins, read } });
    expect(text()).toContain(`${harmless} forged  b\n`);
    let asked = "";
    const readLine = (question: string) => Promise.resolve((asked += question));
    const stdin = { ...ports.stdin, isTTY: true, readLine };
    await confirm(`Delete ${hostile}?`, { ports: shielded({ ...ports, stdin }), flag: "--yes" });
    expect(asked).toBe(`Delete ${harmless}? [y/N] `);
    // oxlint-disable-next-line no-control-regex
    expect(text()).not.toMatch(/[\u001B\u0007\r\u0080-\u009F\u202E]/u);
  });

  it("has our colours, and no others", () => {
    const { ports: given, text } = onTerminal();
    const ports = shielded(given);
    const paint = createPaint(ports, ports.stdout, undefined);
    ports.stdout.write(`${paint("red", "\u001B[32mDegraded")} \u001B[32mHealthy\n`);
    expect(text()).toBe("\u001B[31m?[32mDegraded\u001B[0m ?[32mHealthy\n");
  });

  it("is a value's JSON that means the same, and does nothing", () => {
    const { ports, text } = onTerminal();
    printValue(shielded(ports).stdout, "json", { name: hostile });
    // oxlint-disable-next-line no-control-regex
    expect(text()).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
    expect(JSON.parse(text())).toEqual({ name: hostile });
  });

  it("is a value's YAML as it is, which escapes what acts", () => {
    const { ports, text } = onTerminal();
    printDocuments(shielded(ports).stdout, [{ name: hostile, emoji: "👩‍🚀" }]);
    expect(text()).toBe(
      'emoji: "👩\\u200d🚀"\nname: "a\\u001b]0;mine\\u0007b\\u001b[2Jc\\u009b31md\\u202ee\\rf\\u0085g\\u200bh"\n',
    );
  });

  it("is a container's line with its colours, which a pipe gets as it was written", () => {
    const { ports, text } = onTerminal();
    writeForeignLine(shielded(ports).stdout, "\u001B[1;31mred\u001B[2J");
    expect(text()).toBe("\u001B[1;31mred?[2J\u001B[0m\n");
    const pipe = createTestPorts();
    writeForeignLine(shielded(pipe).stdout, hostile);
    expect(pipe.printed()).toBe(`${hostile}\n`);
  });
});

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { KnownAnswers } from "./known-answers.ts";
import { silentLog } from "./log.ts";

const name = "a".repeat(64);
const gone = new Error("gone");
const answering = (commit: string) => ({ name, ask: () => Promise.resolve({ commit }), excuses: () => true });
const failing = (excused = true, of = name) => ({
  name: of,
  ask: () => Promise.reject<{ readonly commit: string }>(gone),
  excuses: (error: unknown) => excused && error === gone,
});

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-known-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string, maxAnswers = 100) =>
  KnownAnswers.open(directory, { maxAnswers, log: silentLog });

it("gives the last answer after a restart, for failures that it may stand in for", async () => {
  const directory = await newDirectory();
  const before = await open(directory);
  await expect(before.ask(failing())).rejects.toBe(gone);
  await before.ask(answering("1"));
  await before.ask(answering("2"));
  const after = await open(directory);
  expect(await after.ask(failing())).toEqual({ commit: "2" });
  await expect(after.ask(failing(false))).rejects.toBe(gone);
  await expect(after.ask(failing(true, "b".repeat(64)))).rejects.toBe(gone);
});

it("takes a damaged file for none, and removes what was left half written", async () => {
  const directory = await newDirectory();
  await (await open(directory)).ask(answering("1"));
  await writeFile(join(directory, name), '{"commit": ');
  await writeFile(join(directory, `${name}.0011`), "{");
  const after = await open(directory);
  await expect(after.ask(failing())).rejects.toBe(gone);
  expect(await readdir(directory)).toEqual([name]);
  await after.ask(answering("2"));
  expect(await (await open(directory)).ask(failing())).toEqual({ commit: "2" });
});

it("keeps no more answers than it may, the newest ones", async () => {
  const directory = await newDirectory();
  const known = await open(directory, 2);
  for (const digit of ["1", "2", "3"]) await known.ask({ ...answering(digit), name: digit.repeat(64) });
  expect((await readdir(directory)).toSorted()).toEqual(["2".repeat(64), "3".repeat(64)]);
});

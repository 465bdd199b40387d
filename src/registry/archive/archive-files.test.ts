import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { silentLog } from "#runtime/log.ts";
import { ArchiveFiles, sha256Of } from "./archive-files.ts";

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(64)) as [string, string, string];
const content = (letter: string) => Buffer.from(letter.repeat(100));

async function createDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-archives-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

const open = async (directory: string, maxBytes = 250) =>
  await ArchiveFiles.open(directory, { maxBytes, log: silentLog });
const has = async (files: ArchiveFiles, name: string, letter: string) =>
  (await files.get(name, sha256Of(content(letter)))) !== undefined;

it("keeps what was used last as far as it fits, over a restart too", async () => {
  const directory = await createDirectory();
  const files = await open(directory);
  await files.put(a, content("a"));
  await files.put(b, content("b"));
  expect(await has(files, a, "a")).toBe(true);
  await files.put(c, content("c"));
  expect([await has(files, a, "a"), await has(files, b, "b"), await has(files, c, "c")]).toEqual([
    true,
    false,
    true,
  ]);
  await files.put(b, Buffer.alloc(1000));
  const again = await open(directory);
  expect([await has(again, a, "a"), await has(again, b, "b"), await has(again, c, "c")]).toEqual([
    true,
    false,
    true,
  ]);
});

// Class: caches that are believed.
it("forgets a file that is damaged, gone or of another digest, and removes what a crash left", async () => {
  const directory = await createDirectory();
  await writeFile(join(directory, `${a}.0011`), "half");
  await utimes(join(directory, `${a}.0011`), 0, 0);
  const files = await open(directory);
  expect(await readdir(directory)).toEqual([]);
  await files.put(a, content("a"));
  await writeFile(join(directory, a), "damaged");
  expect(await has(files, a, "a")).toBe(false);
  expect(await readdir(directory)).toEqual([]);
  await files.put(b, content("b"));
  await rm(join(directory, b));
  expect(await has(files, b, "b")).toBe(false);
  await files.put(b, content("b"));
  expect(await has(files, b, "b")).toBe(true);
  expect(await has(files, b, "c")).toBe(false);
});

it("leaves alone what another process is writing", async () => {
  const directory = await createDirectory();
  await writeFile(join(directory, `${a}.0011`), "half");
  await open(directory);
  expect(await readdir(directory)).toEqual([`${a}.0011`]);
});

it("goes on without a cache when the directory cannot be written", async () => {
  const directory = await createDirectory();
  const files = await open(directory);
  await rm(directory, { recursive: true });
  await files.put(a, content("a"));
  expect(await has(files, a, "a")).toBe(false);
});

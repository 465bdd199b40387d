import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "#runtime/log.ts";
import type { DiskCache } from "./disk-cache.ts";
import { openDiskCache } from "./disk-cache.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mooring-cache-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

const open = (maxBytes = 10_000): Promise<DiskCache> =>
  openDiskCache({ directory, maxBytes, log: silentLog });
const nameOf = (digit: string): string => `r-${digit.repeat(64)}`;
const content = new Uint8Array(100).fill(7);
const kept = async (cache: DiskCache, digits: string): Promise<string> => {
  const found = await Promise.all(
    Array.from(digits, async (digit) => (await cache.read(nameOf(digit))) ?? 0),
  );
  return Array.from(digits)
    .filter((_, index) => found[index] !== 0)
    .join("");
};

describe("the disk cache", () => {
  it("gives back what was written, after a restart too", async () => {
    const cache = await open();
    await cache.write(nameOf("1"), content);
    expect(new Uint8Array((await cache.read(nameOf("1"))) ?? [])).toEqual(content);
    expect(await kept(await open(), "12")).toBe("1");
  });

  it("removes what was used longest ago when it is full", async () => {
    const cache = await open(3 * 165);
    for (const digit of "123") await cache.write(nameOf(digit), content);
    await cache.read(nameOf("1"));
    await cache.write(nameOf("4"), content);
    expect(await kept(cache, "1234")).toBe("134");
  });

  it("knows after a restart what was used longest ago, and obeys a smaller bound", async () => {
    const cache = await open();
    for (const digit of "123") await cache.write(nameOf(digit), content);
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const age = file.name.startsWith("r-2") ? 1 : 1000;
      await utimes(path.join(file.parentPath, file.name), Date.now() / 1000, Date.now() / 1000 - age);
    }
    expect(await kept(await open(165), "123")).toBe("2");
  });

  it("does not store what alone is larger than the bound", async () => {
    const cache = await open(100);
    await cache.write(nameOf("1"), content);
    expect(await kept(cache, "1")).toBe("");
  });

  // Class: caches that are believed.
  it("removes an altered file", async () => {
    const cache = await open();
    await cache.write(nameOf("a"), content);
    const file = path.join(directory, "aa", nameOf("a"));
    await writeFile(file, `${"0".repeat(64)}\nother`);
    expect(await cache.read(nameOf("a"))).toBeUndefined();
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is readable by its owner only, and leaves no temporary files behind", async () => {
    const cache = await open();
    await writeFile(path.join(directory, "tmp-1-1"), "left by a crash");
    await utimes(path.join(directory, "tmp-1-1"), 0, 0);
    await cache.write(nameOf("a"), content);
    expect((await stat(path.join(directory, "aa", nameOf("a")))).mode & 0o777).toBe(0o600);
    await open();
    expect(await readdir(directory)).toEqual(["aa"]);
  });

  it("gives out what another process wrote after it was opened", async () => {
    const [cache, other] = [await open(), await open()];
    await other.write(nameOf("1"), content);
    expect(await kept(cache, "12")).toBe("1");
  });

  it("is opened though another process removes a file meanwhile", async () => {
    const cache = await open();
    for (const digit of "12") await cache.write(nameOf(digit), content);
    const vanishing = ((file: string) =>
      file.endsWith(nameOf("1")) ? failing("ENOENT") : stat(file)) as typeof stat;
    const files = { stat: vanishing, utimes, writeFile };
    const again = await openDiskCache({ directory, maxBytes: 2 * 165, log: silentLog, files });
    await again.write(nameOf("3"), content);
    await again.write(nameOf("4"), content);
    expect(await kept(again, "234")).toBe("34");
  });

  it("of a disk that is read-only gives out what it holds, and complains once", async () => {
    await (await open()).write(nameOf("1"), content);
    const warn = vi.fn();
    let readOnly = true;
    const files = {
      stat,
      utimes: (...args: Parameters<typeof utimes>) => (readOnly ? failing("EROFS") : utimes(...args)),
      writeFile: (...args: Parameters<typeof writeFile>) =>
        readOnly ? failing("EROFS") : writeFile(...args),
    };
    const cache = await openDiskCache({ directory, maxBytes: 10_000, log: { ...silentLog, warn }, files });
    for (const digit of "234") await cache.write(nameOf(digit), content);
    expect(await kept(cache, "1234")).toBe("1");
    expect(warn.mock.calls).toEqual([["renders cannot be cached", { directory, error: "EROFS" }]]);
    readOnly = false;
    await cache.write(nameOf("2"), content);
    expect(await kept(cache, "12")).toBe("12");
  });
});

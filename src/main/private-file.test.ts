import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPrivateFile } from "./private-file.ts";

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-private-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

it("leaves nothing behind when the process exits in the middle", async () => {
  const directory = await makeDirectory();
  const module = path.join(import.meta.dirname, "private-file.ts");
  const script = `
    import { readdirSync } from "node:fs";
    import { createPrivateFile } from ${JSON.stringify(module)};
    const file = await createPrivateFile(process.argv[1] + "/x");
    await file.write("secret");
    process.exit(readdirSync(process.argv[1]).length);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, directory], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(await readdir(directory)).toEqual([]);
});

it("leaves nothing behind when it cannot take its name", async () => {
  const directory = await makeDirectory();
  const name = path.join(directory, "x");
  const write = async () => {
    await using file = await createPrivateFile(name);
    await file.write("secret");
    await mkdir(path.join(name, "in-the-way"), { recursive: true });
    await file.commit();
  };
  await expect(write()).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/u);
  expect(await readdir(directory)).toEqual(["x"]);
});

it("is written over what was there, in one step", async () => {
  const directory = await makeDirectory();
  const name = path.join(directory, "x");
  for (const text of ["one", "two"]) {
    await using file = await createPrivateFile(name);
    await file.write(text);
    await file.commit();
  }
  expect(await readFile(name, "utf8")).toBe("two");
});

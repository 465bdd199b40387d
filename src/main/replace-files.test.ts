import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { replaceFiles } from "./replace-files.ts";

async function directoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-replace-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text);
  return directory;
}

it("leaves every file as it was when one of them cannot be written, and names that one", async () => {
  const directory = await directoryOf({ "a.yaml": "old" });
  const gone = path.join(directory, "gone.yaml");
  const texts = new Map([
    [path.join(directory, "a.yaml"), "new"],
    [gone, "new"],
  ]);
  await expect(replaceFiles(texts)).rejects.toThrow(`file ${gone}: cannot be written: ENOENT`);
  expect(await readFile(path.join(directory, "a.yaml"), "utf8")).toBe("old");
  expect(await readdir(directory)).toEqual(["a.yaml"]);
});

it("writes a file whose name is as long as names may be, with its mode, through a link", async () => {
  const name = `${"x".repeat(250)}.yaml`;
  const directory = await directoryOf({ [name]: "old" });
  await chmod(path.join(directory, name), 0o640);
  await mkdir(path.join(directory, "links"));
  await symlink(path.join(directory, name), path.join(directory, "links/web.yaml"));
  await replaceFiles(new Map([[path.join(directory, "links/web.yaml"), "new"]]));
  expect(await readFile(path.join(directory, name), "utf8")).toBe("new");
  expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o640);
  expect((await readdir(directory)).toSorted()).toEqual(["links", name]);
});

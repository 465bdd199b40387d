import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readUi } from "./read-ui.ts";

async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-ui-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
  return directory;
}

it("reads the page and what it loads, with what is compressed already", async () => {
  const ui = await readUi(
    await directoryWith({
      "index.html": "the page",
      "assets/main-1.js": "plain",
      "assets/main-1.js.br": "brotli",
      "assets/main-1.js.gz": "gzip",
      "assets/main-1.css": "style",
      "assets/icon.svg": "icon",
      "assets/only.css.gz": "of nothing",
      "assets/main-1.js.map": "how it was built",
      ".vite/manifest.json": "{}",
    }),
  );
  expect(ui?.page).toBe("the page");
  const shown = [...(ui?.files ?? [])].map(([name, { type, bytes, encoded }]) => [
    name,
    type,
    Buffer.from(bytes).toString(),
    Object.fromEntries([...encoded].map(([coding, packed]) => [coding, Buffer.from(packed).toString()])),
  ]);
  expect(new Set(shown)).toEqual(
    new Set([
      ["assets/icon.svg", "image/svg+xml", "icon", {}],
      ["assets/main-1.css", "text/css; charset=utf-8", "style", {}],
      ["assets/main-1.js", "text/javascript; charset=utf-8", "plain", { br: "brotli", gzip: "gzip" }],
    ]),
  );
});

it("is of one build, whatever is built into the directory later", async () => {
  const directory = await directoryWith({ "index.html": "first", "assets/a.js": "first" });
  const ui = await readUi(directory);
  await rm(directory, { recursive: true });
  expect(Buffer.from(ui?.files.get("assets/a.js")?.bytes ?? []).toString()).toBe("first");
});

it("finds none where nothing was built", async () => {
  expect(await readUi(path.join(await directoryWith({}), "missing"))).toBeUndefined();
  expect(await readUi(await directoryWith({}))).toBeUndefined();
  expect(
    await readUi(await directoryWith({ "assets/main-1.js": "of a build that broke off" })),
  ).toBeUndefined();
});

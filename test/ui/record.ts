import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { furnishImages } from "./furnish-images.ts";
import { furnishPipelines } from "./furnish-pipelines.ts";
import { furnish, untilHealth } from "./furnish.ts";
import type { UiPage } from "./pages.ts";
import { pages } from "./pages.ts";

/**
 * `npm run record:ui`: pictures of every page, light and dark, into docs/ui, with a page that shows them. `npm run record:ui -- NAME…`
 * takes some of them. Fails when a page is not in order, or a picture is too large to be kept.
 */
const directory = path.join(import.meta.dirname, "../../docs/ui");
const themes = ["light", "dark"] as const;
const maxBytes = 200 * 1024;
const repositoryUrl = "https://github.com/your-org/shop.git";

const shown = pages.filter(({ shows }) => shows !== undefined);

async function record(bed: UiBed, wanted: UiPage, theme: (typeof themes)[number]): Promise<void> {
  const { name, path: at, ready, isOpen = false, prepare } = wanted;
  await using browser = await bed.visit({ theme, ...(isOpen ? { as: undefined } : {}) });
  const { page } = browser;
  await browser.open(at, ready);
  await untilStill(page);
  await prepare?.(page);
  await untilStill(page);
  // What fades in, and what is read after the rest.
  await page.waitForTimeout(800);
  await nameRepository(page, bed.repository.url);
  const file = path.join(directory, fileOf(name, theme));
  await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
  const { size } = await stat(file);
  if (size > maxBytes) throw new Error(`${file}: has ${size} bytes, more than ${maxBytes}`);
  process.stdout.write(`${path.relative(process.cwd(), file)} ${Math.ceil(size / 1024)} KiB\n`);
}

/** The tests' repository is a folder of this machine, which is nobody's business. */
async function nameRepository(page: Page, url: string): Promise<void> {
  const folder = new URL(url).pathname;
  const shorter = (text: string) => text.replace(/\.git$/u, "");
  const host = repositoryUrl.replace("https://", "");
  // The longest first: each is a part of those before it.
  const names = [
    [url, repositoryUrl],
    [shorter(url), shorter(repositoryUrl)],
    [folder, host],
    [shorter(folder), shorter(host)],
  ] as const;
  await page.evaluate((all) => {
    const named = (text: string) => all.reduce((now, [from, to]) => now.replaceAll(from, to), text);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = named(node.nodeValue ?? "");
      if (text !== node.nodeValue) node.nodeValue = text;
    }
    for (const input of document.querySelectorAll("input")) {
      const text = named(input.value);
      if (text !== input.value) input.value = text;
    }
  }, names);
}

/** Nothing is being read any more. */
async function untilStill(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("[data-skeleton]") === null);
}

function fileOf(name: string, theme: string): string {
  return `${name.replaceAll(/[^a-z0-9]+/gu, "-")}-${theme}.png`;
}

function describePages(): string {
  const sections = shown.map(({ name, shows }) => {
    const pictures = themes.map((theme) => `![${shows}, ${theme}](${fileOf(name, theme)})`);
    return `## ${shows}\n\n${pictures.join("\n\n")}\n`;
  });
  return [
    "# The web UI in pictures",
    "",
    "Every page, light and dark, as `npm run record:ui` takes them of a server with eight applications and a pipeline; the file is written by it.",
    "",
    ...sections,
  ].join("\n");
}

const only = process.argv.slice(2);
const unknown = only.find((each) => shown.every(({ name }) => name !== each));
if (unknown !== undefined)
  throw new Error(`${unknown}: there is no such page; there are ${shown.map(({ name }) => name).join(", ")}`);
const wanted = shown.filter(({ name }) => only.length === 0 || only.includes(name));
if (only.length === 0) await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
await using bed = await startBed();
await furnish(bed);
await untilHealth(bed, "Healthy", ["shop-web", "shop-api", "billing"]);
await untilHealth(bed, "Degraded", ["reports"]);
await furnishPipelines(bed);
await furnishImages(bed);
for (const page of wanted) for (const theme of themes) await record(bed, page, theme);
await writeFile(path.join(directory, "README.md"), describePages());

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import type { Visit } from "./browser.ts";
import { seriousFindings, untilRead } from "./browser.ts";
import { furnishImages } from "./furnish-images.ts";
import { furnishPipelines } from "./furnish-pipelines.ts";
import { furnish, untilHealth } from "./furnish.ts";
import { pages } from "./pages.ts";

/** Holds every page to axe in one theme; a file for each, so that they run beside one another. */
export function axeOnPages(theme: "light" | "dark"): void {
  describe(`axe finds nothing serious in ${theme}`, () => {
    testPages(theme);
  });
}

function testPages(theme: "light" | "dark"): void {
  let bed: UiBed;
  /** One for all pages: what the browser has loaded it does not load again. */
  let inside: Visit;
  let outside: Visit;

  beforeAll(async () => {
    bed = await startBed();
    await furnish(bed);
    await untilHealth(bed, "Healthy", ["shop-web", "shop-api", "billing"]);
    await untilHealth(bed, "Degraded", ["reports"]);
    await furnishPipelines(bed);
    await furnishImages(bed);
    inside = await bed.visit({ theme });
    outside = await bed.visit({ theme, as: undefined });
  });

  afterAll(async () => {
    await inside[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
    await bed[Symbol.asyncDispose]();
  });

  it.each(pages)("on $name", async ({ path, ready, isOpen = false, prepare }) => {
    const browser = isOpen ? outside : inside;
    await browser.open(path, ready);
    await untilRead(browser.page);
    await prepare?.(browser.page);
    await untilRead(browser.page);
    expect(await seriousFindings(browser.page)).toEqual([]);
    expect(browser.problems, "problems of the page").toEqual([]);
  });

  it("on a wrong password", async () => {
    const { page } = outside;
    await outside.open("/login");
    await page.getByLabel("Username").fill("admin");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it("on the list on a narrow screen", async () => {
    await using browser = await bed.visit({ theme, width: 390, height: 844 });
    await browser.open("/applications", "a[data-app]");
    expect(await seriousFindings(browser.page)).toEqual([]);
  });

  it("on images on a narrow screen, which nothing is wider than", async () => {
    await using browser = await bed.visit({ theme, width: 360, height: 780 });
    const { page } = browser;
    await browser.open("/images", "table");
    await untilRead(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it("on a pipeline on a narrow screen, which nothing is wider than", async () => {
    await using browser = await bed.visit({ theme, width: 390, height: 844 });
    const { page } = browser;
    await browser.open("/pipelines/argocd/storefront", "[aria-label^='Stages of']");
    await untilRead(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { seriousFindings } from "./browser.ts";
import { furnish, untilHealth } from "./furnish.ts";
import { pages } from "./pages.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await furnish(bed);
  await untilHealth(bed, "Healthy", ["shop-web", "shop-api", "billing"]);
  await untilHealth(bed, "Degraded", ["reports"]);
});

afterAll(async () => bed[Symbol.asyncDispose]());

describe.each(["light", "dark"] as const)("axe finds nothing serious in %s", (theme) => {
  it.each(pages)("on $name", async ({ path, ready, isOpen = false, prepare }) => {
    await using browser = await bed.visit({ theme, ...(isOpen ? { as: undefined } : {}) });
    await browser.open(path, ready);
    await prepare?.(browser.page);
    expect(await seriousFindings(browser.page)).toEqual([]);
  });

  it("on a wrong password", async () => {
    await using browser = await bed.visit({ theme, as: undefined });
    const { page } = browser;
    await browser.open("/login");
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
});

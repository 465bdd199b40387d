import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { untilRead } from "./browser.ts";
import { furnish } from "./furnish.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await furnish(bed);
});

afterAll(async () => bed[Symbol.asyncDispose]());

describe("the command palette", () => {
  it("finds an application by a few letters, and opens it", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/user-info");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("shop-s");
    await page.getByRole("option", { name: /shop-search/u, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "shop-search" }).waitFor();
    expect(browser.path()).toBe("/applications/argocd/shop-search");
  });

  it("goes to a page, and is left by Escape with the focus where it was", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    await page.getByRole("button", { name: "Find" }).click();
    await page.keyboard.type("account");
    await page.getByRole("option", { name: "Your account" }).click();
    await page.getByRole("heading", { name: "You", exact: true }).waitFor();
    expect(browser.path()).toBe("/user-info");
  });
});

describe("the theme", () => {
  it("is the system's until one is chosen, which this browser keeps", async () => {
    await using browser = await bed.visit({ theme: "dark" });
    const { page } = browser;
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await browser.open("/user-info");
    const dark = await background();
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(background).not.toBe(dark);
    const light = await background();
    await page.getByRole("radio", { name: "Dark" }).check();
    await expect.poll(background).toBe(dark);
    await page.reload();
    await page.getByRole("heading", { name: "You", exact: true }).waitFor();
    expect(await background()).toBe(dark);
    expect(await page.getByRole("radio", { name: "Dark" }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: "As the system" }).check();
    await expect.poll(background).toBe(light);
  });

  it("is chosen in the palette, too", async () => {
    await using browser = await bed.visit({ theme: "light" });
    const { page } = browser;
    await browser.open("/applications");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("theme: dark");
    await page.getByRole("option", { name: "Theme: dark" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  });
});

describe("every page", () => {
  it.each([
    "/applications",
    "/applications?look=tiles",
    "/applications/argocd/shop-web",
    "/settings",
    "/settings/repos",
    "/settings/clusters",
    "/settings/projects/money?tab=windows",
    "/settings/accounts/admin",
    "/settings/audit",
    "/user-info",
  ])("fits on a narrow screen: %s", async (path) => {
    await using browser = await bed.visit({ width: 390, height: 844 });
    const { page } = browser;
    await browser.open(path);
    await untilRead(page);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0], "nothing is wider than the screen").toBeLessThanOrEqual(widths[1] ?? 0);
    for (const place of ["Applications", "Settings", "You"])
      expect(
        await page
          .getByRole("navigation", { name: "Places" })
          .getByRole("link", { name: place, exact: true })
          .isVisible(),
      ).toBe(true);
  });

  it.each(["", "?view=events"])(
    "shows whose page it is on a narrow screen, at any view: %s",
    async (view) => {
      await using browser = await bed.visit({ width: 360, height: 500 });
      const { page } = browser;
      await browser.open(`/applications/argocd/shop-web${view}`);
      await untilRead(page);
      const current = page.getByRole("navigation", { name: "Views" }).locator('[aria-current="page"]');
      const box = await current.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
      expect((await page.getByRole("heading", { level: 1 }).boundingBox())?.y).toBeGreaterThanOrEqual(0);
    },
  );

  it("lets one skip what is the same everywhere by keyboard", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    expect(browser.path()).toBe("/applications");
  });

  it("says that there is none at an address that is wrong, and leads back", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications/a/b/c/d", "h2");
    await page.getByText("There is no such page").waitFor();
    await page.getByRole("link", { name: "All applications" }).click();
    await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
  });

  it("has a title of its own for tabs and bookmarks", async () => {
    await using browser = await bed.visit();
    const titles: string[] = [];
    for (const path of ["/applications", "/applications/argocd/shop-web", "/settings", "/user-info"]) {
      await browser.open(path);
      titles.push(await browser.page.title());
    }
    expect(titles).toEqual([
      "Applications · Mooring",
      "shop-web · Mooring",
      "Settings · Mooring",
      "You · Mooring",
    ]);
  });
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { furnish, untilHealth } from "./furnish.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await furnish(bed);
  await untilHealth(bed, "Healthy", ["shop-web", "shop-api", "billing"]);
  await untilHealth(bed, "Degraded", ["reports"]);
});

afterAll(async () => bed[Symbol.asyncDispose]());

const all = ["billing", "reports", "shop-api", "shop-search", "shop-web"];

/** The names that are shown, as they stand in the list. */
async function shown(page: Page): Promise<readonly string[]> {
  return page.getByRole("list", { name: "Applications" }).locator("a[data-app]").allTextContents();
}

async function expectShown(page: Page, names: readonly string[]): Promise<void> {
  await expect.poll(() => shown(page), { timeout: 10_000 }).toEqual(names);
}

/** A row or a tile. */
function item(page: Page, name: string) {
  return page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
}

describe("the list of applications", () => {
  it("is not pushed off a narrow screen by what filters it", async () => {
    await using browser = await bed.visit({ width: 360, height: 740 });
    const { page } = browser;
    await browser.open("/applications", "a[data-app]");
    const first = page.locator("a[data-app]").first();
    expect((await first.boundingBox())?.y).toBeLessThan(500);
    const degraded = page.getByRole("checkbox", { name: /^Degraded/u });
    expect(await degraded.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Filters" }).click();
    await degraded.check();
    await expectShown(page, ["reports"]);
  });

  it("is filtered by facets and text, and sorted, and all of it stands in the address and holds after a reload", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/");
    await expectShown(page, all);
    const filters = page.getByRole("complementary", { name: "Filters" });
    await filters.getByRole("checkbox", { name: /^Degraded/u }).check();
    await expectShown(page, ["reports"]);
    await filters.getByRole("checkbox", { name: /^Healthy/u }).check();
    await expectShown(page, ["billing", "reports", "shop-api", "shop-web"]);
    await filters.getByRole("checkbox", { name: /^money/u }).check();
    await expectShown(page, ["billing", "reports"]);
    await page.getByLabel("Order").selectOption("healthStatus");
    await expectShown(page, ["reports", "billing"]);
    await page.getByRole("searchbox").fill("api");
    await expectShown(page, ["billing"]);
    const address = new URLSearchParams(browser.path().split("?")[1]);
    expect(Object.fromEntries(address)).toEqual({
      health: `["Degraded","Healthy"]`,
      project: `["money"]`,
      sort: "healthStatus",
      text: "api",
    });
    await page.reload();
    await expectShown(page, ["billing"]);
    expect(await page.getByRole("searchbox").inputValue()).toBe("api");
    expect(await page.getByLabel("Order").inputValue()).toBe("healthStatus");
    expect(await filters.getByRole("checkbox", { name: /^Degraded/u }).isChecked()).toBe(true);
    await filters.getByRole("button", { name: "Clear" }).click();
    await expectShown(page, all);
  });

  it("is filtered by label, repository and automation, and by the bar of health", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    const filters = page.getByRole("complementary", { name: "Filters" });
    await filters.getByLabel("Labels").fill("team=billing");
    await filters.getByLabel("Labels").press("Enter");
    await expectShown(page, ["billing", "reports"]);
    await page.getByRole("group", { name: "Health" }).getByRole("button", { name: "Degraded: 1" }).click();
    await expectShown(page, ["reports"]);
    await filters.getByRole("button", { name: "Clear" }).click();
    await filters.getByRole("checkbox", { name: "Synced by hand" }).check();
    await expectShown(page, ["shop-search"]);
    await filters.getByRole("checkbox", { name: "Synced by itself" }).check();
    await expectShown(page, ["billing", "reports", "shop-api", "shop-web"]);
    await filters.getByLabel("Repository").fill("https://elsewhere.example.com/none.git");
    await filters.getByLabel("Repository").press("Enter");
    await page.getByText("No application matches").waitFor();
    await page.getByRole("button", { name: "Show all applications" }).click();
    await expectShown(page, all);
  });

  it("says what is wrong about a selector of labels, and goes on with another", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications?labels=%3D%3D%3D");
    await page.getByText("That did not work").waitFor();
    await page.getByRole("textbox", { name: "Labels" }).fill("");
    await page.getByRole("textbox", { name: "Labels" }).press("Enter");
    await expectShown(page, all);
  });

  it("keeps favourites in the browser", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await page.getByRole("button", { name: "Favourite: argocd/shop-web" }).click();
    await page.getByRole("button", { name: "Favourites", exact: true }).click();
    await expectShown(page, ["shop-web"]);
    await page.reload();
    await expectShown(page, ["shop-web"]);
    expect(browser.path()).toBe("/applications?favourites=true");
    await page.getByRole("button", { name: "Favourite: argocd/shop-web" }).click();
    await page.getByText("Mark applications with the star").waitFor();
  });

  it("is shown as tiles, which stay", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await page.getByRole("button", { name: "Tiles" }).click();
    await expect.poll(() => page.locator("article").count()).toBe(all.length);
    expect(browser.path()).toBe("/applications?look=tiles");
    await page.reload();
    await expect.poll(() => page.locator("article").count()).toBe(all.length);
    await page.getByRole("link", { name: "shop-web", exact: true }).click();
    await page.getByRole("heading", { name: "shop-web" }).waitFor();
    await page.goBack();
    await expect.poll(() => page.locator("article").count()).toBe(all.length);
  });

  it("is used by keyboard: the box by a slash, the rows by arrows, one opened by Enter", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await expectShown(page, all);
    await page.keyboard.press("/");
    await page.keyboard.type("shop");
    await expectShown(page, ["shop-api", "shop-search", "shop-web"]);
    await page.getByRole("link", { name: "shop-api", exact: true }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe("shop-search");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "shop-search" }).waitFor();
    expect(browser.path()).toBe("/applications/argocd/shop-search");
  });
});

describe("changes", () => {
  it("are shown as they happen, and nothing jumps", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await expectShown(page, all);
    const row = item(page, "shop-web");
    await row.getByText("Synced", { exact: true }).waitFor();
    // Only what React writes anew would lose this mark.
    await row.evaluate((element) => element.setAttribute("data-mark", "kept"));
    const ref = { type: hubTypes.application, namespace: "argocd", name: "shop-web" };
    const write = { fieldManager: "test", signal: bed.signal };
    await bed.cluster.mergePatch(ref, { spec: { syncPolicy: { automated: null } } }, write);
    await row.getByText("by hand").waitFor();
    expect(await row.getAttribute("data-mark")).toBe("kept");
    await bed.cluster.mergePatch(ref, { spec: { syncPolicy: { automated: { selfHeal: true } } } }, write);
    await row.getByText("by itself").waitFor();
  });

  it("bring new applications into the list and take deleted ones out", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await expectShown(page, all);
    const created = await bed.admin.send("POST", "applications", {
      metadata: { name: "new-one", namespace: "argocd" },
      spec: {
        project: "default",
        source: { repoURL: bed.repository.url, path: "search", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: "new-one" },
      },
    });
    expect(created.status).toBe(200);
    await expectShown(page, ["billing", "new-one", "reports", "shop-api", "shop-search", "shop-web"]);
    expect((await bed.admin.send("DELETE", "applications/new-one?cascade=false", {})).status).toBe(200);
    await expectShown(page, all);
  });
});

describe("with several applications together", () => {
  it("a refresh asks for each of them", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    for (const name of ["shop-web", "shop-api"]) await page.getByLabel(`Select ${name}`).check();
    const tools = page.getByRole("toolbar", { name: "With the selected applications" });
    await tools.getByText("2 applications selected").waitFor();
    await tools.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("2 applications refreshed.").waitFor();
    await tools.getByRole("button", { name: "Select none" }).click();
    await tools.waitFor({ state: "detached" });
  });

  it("a sync brings them to what Git says", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    const row = item(page, "shop-search");
    await row.getByText("Out of sync").waitFor();
    await page.getByLabel("Select shop-search").check();
    await page.getByRole("button", { name: "Sync…" }).click();
    const dialog = page.getByRole("dialog", { name: "Sync 1 application" });
    await dialog.getByText("argocd/shop-search").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sync…");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Sync", exact: true }).click();
    await page.getByText("1 application asked to sync.").waitFor();
    await row.getByText("Synced", { exact: true }).waitFor({ timeout: 60_000 });
    await row.getByText("Healthy").waitFor({ timeout: 60_000 });
  });
});

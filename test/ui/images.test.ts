import { afterAll, beforeAll, expect, it } from "vitest";
import { viewPath } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { hostile, untilRead } from "./browser.ts";
import { createAutomation, furnishImages } from "./furnish-images.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
});

afterAll(async () => bed[Symbol.asyncDispose]());

const specOf = async (name: string, ...path: readonly string[]) =>
  viewPath(
    await bed.cluster.read({ type: hubTypes.imageAutomation, namespace: "argocd", name }, bed.signal),
    ...path,
  );

it("who has no image automations sees how one is written", async () => {
  await using browser = await bed.visit();
  await browser.open("/images", "pre");
  expect(await browser.page.locator("pre").textContent()).toContain("kind: ImageAutomation");
});

it("image automations are listed with what was chosen, found by text, and told in full", async () => {
  await furnishImages(bed);
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications");
  await page.getByRole("link", { name: "Images" }).click();
  const rows = page.getByRole("table", { name: "Image automations" }).locator("tbody tr");
  await expect.poll(() => rows.count()).toBe(6);
  const written = await rows.filter({ hasText: "shop-dev" }).textContent();
  for (const each of ["default", "Ready", "Written", "git.invalid/shop main", "1.10.0", "5b1e0aa"])
    expect(written).toContain(each);
  for (const state of ["Held", "Flapping", "Failed", "Suspended"])
    expect(await rows.filter({ hasText: state }).count()).toBe(1);
  await page.getByLabel("Find automations").fill("shop frozen");
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole("link", { name: "shop-frozen" }).click();
  const panel = page.getByRole("dialog", { name: "shop-frozen" });
  await panel.getByText("stage prod of pipeline storefront is frozen: the books are closed").waitFor();
  expect(browser.path()).toContain("open=");
  await page.keyboard.press("Escape");
  await expect.poll(() => panel.count()).toBe(0);
  expect(browser.path()).toBe("/images?text=shop+frozen");
  await browser.open("/images?open=argocd/shop-proposed", "[role=dialog] h2");
  const link = page.getByRole("link", { name: "https://github.com/acme/shop/pull/42" });
  expect(await link.getAttribute("href")).toBe("https://github.com/acme/shop/pull/42");
  expect(browser.problems).toEqual([]);
});

it("an automation is suspended, resumed and scanned, and the page follows the controller", async () => {
  await createAutomation(bed, { name: "acted-on", ready: ["True", "UpToDate", "written everywhere"] });
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/images?open=argocd/acted-on", "[role=dialog] h2");
  const panel = page.getByRole("dialog", { name: "acted-on" });
  await panel.getByRole("button", { name: "Suspend" }).click();
  await panel.getByText("Suspended").first().waitFor();
  expect(await specOf("acted-on", "spec", "suspend")).toBe(true);
  expect(await panel.getByRole("button", { name: "Scan now" }).isDisabled()).toBe(true);
  await panel.getByRole("button", { name: "Resume" }).click();
  // The controller looks anew, and finds that there is no such registry.
  await panel.getByText("ImagesFailed").waitFor({ timeout: 60_000 });
  await panel.getByRole("button", { name: "Scan now" }).click();
  const asked = async () => await specOf("acted-on", "metadata", "annotations", "mooring.dev/scan");
  await expect.poll(asked).toBeTypeOf("string");
  expect(browser.problems).toEqual([]);
});

it("who may only look sees why nothing can be done", async () => {
  await createAutomation(bed, { name: "looked-at", ready: ["True", "UpToDate", "written everywhere"] });
  const as = await bed.addAccount("ada", "p, ada, imageautomations, get, default/looked-at, allow\n");
  await using browser = await bed.visit({ as });
  const { page } = browser;
  await browser.open("/images", "table");
  expect(await page.locator("tbody tr").count()).toBe(1);
  await page.getByRole("link", { name: "looked-at" }).click();
  const scan = page.getByRole("dialog").getByRole("button", { name: "Scan now" });
  await expect.poll(() => scan.isDisabled()).toBe(true);
  expect(await scan.getAttribute("title")).toContain("imageautomations, update, default/looked-at");
});

// Class: scripts in pages.
it("what registries and forges wrote of an automation is text, and a link only where it leads to the web", async () => {
  const text = Object.values(hostile).join(" ");
  await createAutomation(bed, {
    name: "hostile",
    ready: ["False", hostile.markup, text],
    status: {
      lastCommit: hostile.attribute,
      images: [{ image: hostile.markup, tag: hostile.style, digest: hostile.template, problem: text }],
      proposals: [{ branch: "a", change: "a", url: hostile.address }],
    },
  });
  await using browser = await bed.visit({ width: 360, height: 780 });
  const { page } = browser;
  await browser.open("/images?open=argocd/hostile", "[role=dialog] h2");
  await untilRead(page);
  const panel = page.getByRole("dialog", { name: "hostile" });
  const said = await panel.textContent();
  for (const each of Object.values(hostile)) expect(said).toContain(each);
  expect(await panel.locator("a[href^='javascript:']").count()).toBe(0);
  expect(await page.locator("img[src=x], svg[onload], script:not([src])").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(browser.problems).toEqual([]);
});

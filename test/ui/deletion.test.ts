import { afterAll, beforeAll, expect, it } from "vitest";
import { dataOf, untilSaid } from "./application.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

let bed: UiBed;

const settings = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
`;

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({ "all.yaml": settings });
  for (const name of ["shop", "kept", "stays"]) await bed.deploy(name);
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("an application is deleted with its objects once its name is typed, and goes from the page, the list and the cluster", async () => {
  await using browser = await bed.visit();
  await using other = await bed.visit();
  const { page } = browser;
  await other.open("/applications");
  const names = other.page.getByRole("list", { name: "Applications" }).locator("a[data-app]");
  await expect.poll(() => names.allTextContents()).toEqual(["kept", "shop", "stays"]);

  await browser.open("/applications/argocd/shop");
  await untilSaid(page, "shop", "Healthy Synced");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete shop" });
  const button = dialog.getByRole("button", { name: "Delete", exact: true });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByLabel("Type shop to delete it").fill("sho");
  await page.keyboard.press("Enter");
  expect(await button.isDisabled(), "of another name").toBe(true);
  await dialog.getByLabel("Type shop to delete it").fill("shop");
  await button.click();
  await page.getByRole("heading", { name: "shop was deleted" }).waitFor({ timeout: 60_000 });
  await expect.poll(() => names.allTextContents()).toEqual(["kept", "stays"]);
  expect(await dataOf(bed, { namespace: "shop", name: "settings" })).toEqual({});
  expect((await bed.admin.get("applications/shop?appNamespace=argocd")).status).toBe(404);
  await page.getByRole("main").getByRole("link", { name: "All applications" }).click();
  await page.getByRole("link", { name: "stays", exact: true }).waitFor();
});

it("an application is deleted without its objects, which go on", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/kept");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete kept" });
  await dialog.getByRole("radio", { name: /^Without its objects/u }).check();
  await dialog.getByText("the object goes on running").waitFor();
  await dialog.getByLabel("Type kept to delete it").fill("kept");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "kept was deleted" }).waitFor({ timeout: 60_000 });
  expect(await dataOf(bed, { namespace: "kept", name: "settings" })).toEqual({ level: "info" });
});

it("a list that was read a moment before does not keep what was deleted while it was not looked at", async () => {
  await bed.deploy("brief");
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications");
  await page.getByRole("link", { name: "brief", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: /brief/u }).waitFor();
  const { status } = await bed.admin.send("DELETE", "applications/brief?cascade=false", {});
  expect(status).toBe(200);
  await page.getByRole("heading", { name: "brief was deleted" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "All applications" }).click();
  await page.getByRole("link", { name: "brief", exact: true }).waitFor({ state: "detached" });
});

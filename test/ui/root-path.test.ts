import { expect, it } from "vitest";
import { startBed } from "./bed.ts";

it("the UI below a path finds its files, the API and its own pages, and comes back to them after the login", async () => {
  await using bed = await startBed({ args: ["--rootpath", "/mooring"], basePath: "/mooring/" });
  await using browser = await bed.visit({ as: undefined });
  const { page } = browser;
  await browser.open("/applications?sort=-createdAt");
  expect(browser.path()).toMatch(/^\/login\?/u);
  await page.getByLabel("Username").fill("admin");
  await page.getByLabel("Password").fill(bed.server.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("No applications yet").waitFor();
  expect(browser.path()).toBe("/applications?sort=-createdAt");
  expect(page.url()).toBe(`${bed.url}/mooring/applications?sort=-createdAt`);
  const icon = page.getByRole("link", { name: "Mooring, all applications" }).locator("img");
  expect(await icon.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await page.getByRole("link", { name: "You", exact: true }).click();
  await page.getByRole("heading", { name: "You", exact: true }).waitFor();
  expect(page.url()).toBe(`${bed.url}/mooring/user-info`);
  await page.reload();
  await page.getByText("admin", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Log out" }).click();
  await page.getByLabel("Password").waitFor();
  expect(page.url()).toContain(`${bed.url}/mooring/`);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { dataOf, untilSaid } from "./application.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

let bed: UiBed;

const settings = (level: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: ${level}}
`;

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({ "all.yaml": settings("info") }, { message: "Say little" });
  await bed.deploy("shop");
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("an entry of the history is deployed again, automation is turned off for it, and the page says so", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop?view=history");
  const [before = ""] = (await bed.repository.git("rev-parse", "main")).split("\n");
  await bed.repository.commit({ "all.yaml": settings("debug") }, { message: "Say more" });
  await page.getByRole("button", { name: "Refresh" }).click();
  const entries = page.getByRole("list", { name: "History" }).getByRole("listitem");
  await entries.filter({ hasText: "Say more" }).filter({ hasText: "the last one" }).waitFor();
  await untilSaid(page, "shop", "Healthy Synced");
  expect(await dataOf(bed, { namespace: "shop", name: "settings" })).toEqual({ level: "debug" });

  await entries.filter({ hasText: "Say more" }).getByRole("button", { name: "What changed" }).click();
  const compared = page.getByRole("dialog");
  await compared.getByText("level: debug").first().waitFor();
  await compared.getByText("level: info").first().waitFor();
  await page.keyboard.press("Escape");

  await entries.filter({ hasText: "Say little" }).getByRole("button", { name: "Roll back…" }).click();
  const dialog = page.getByRole("dialog", { name: `Roll back to ${before.slice(0, 7)}` });
  await dialog.getByText("Automated sync is on.").waitFor();
  await dialog.getByRole("button", { name: "Turn automated sync off and roll back" }).click();
  const progress = page.getByRole("dialog", { name: "The last sync of shop" });
  await progress.getByText("Succeeded", { exact: true }).first().waitFor({ timeout: 60_000 });
  await progress.getByText(before.slice(0, 7), { exact: true }).waitFor();
  await page.keyboard.press("Escape");

  await untilSaid(page, "shop", "Healthy Out of sync");
  expect(await dataOf(bed, { namespace: "shop", name: "settings" })).toEqual({ level: "info" });
  await page
    .getByText(new RegExp(`\\(${before.slice(0, 7)} was deployed last\\) differ in 1 object; `, "u"))
    .waitFor();
  expect(await page.getByRole("checkbox", { name: "Sync by itself" }).isChecked()).toBe(false);
  await entries.first().filter({ hasText: "Say little" }).filter({ hasText: "the last one" }).waitFor();
  expect(await entries.count()).toBe(3);
});

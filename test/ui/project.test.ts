import { afterAll, beforeAll, expect, it } from "vitest";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { furnish } from "./furnish.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await furnish(bed);
});

afterAll(async () => bed[Symbol.asyncDispose]());

/** What the API answers whoever has the token. */
async function statusOf(token: string, path: string, method = "GET"): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(`${bed.url}/api/v1/${path}`, { method, headers });
  return status;
}

it("a role made in the settings gives its token what its permissions say, until the token is revoked", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/settings/projects/money");
  await page
    .getByRole("navigation", { name: "Parts of the project" })
    .getByRole("link", { name: "Roles" })
    .click();
  await page.getByRole("button", { name: "New role" }).click();
  const form = page.getByRole("dialog", { name: "New role" });
  await form.getByLabel("Name", { exact: true }).fill("pipeline");
  await form.getByRole("button", { name: "Add permission" }).click();
  await form.getByRole("button", { name: "Add permission" }).click();
  await form.getByLabel("Action, permission 2").fill("sync");
  await form.getByLabel("Object, permission 2").fill("money/billing");
  await form.getByRole("button", { name: "Create" }).click();
  const card = page.getByRole("main").locator("section", {
    has: page.getByRole("heading", { name: "pipeline", exact: true }),
  });
  await card.getByText("p, proj:money:pipeline, applications, sync, money/billing, allow").waitFor();

  await card.getByRole("button", { name: "New token…" }).click();
  const wanted = page.getByRole("dialog", { name: "New token of role pipeline of money" });
  await wanted.getByLabel("Id", { exact: true }).fill("ci");
  await wanted.getByRole("button", { name: "Make the token" }).click();
  const made = page.getByRole("dialog", { name: "The token of role pipeline of money" });
  const token = await made.getByLabel("Token", { exact: true }).inputValue();
  await made.getByRole("button", { name: "Close" }).last().click();
  expect(await page.content(), "it is shown once").not.toContain(token);

  expect(await statusOf(token, "applications/billing")).toBe(200);
  expect(await statusOf(token, "applications/billing/sync", "POST")).toBe(200);
  expect(await statusOf(token, "applications/reports/sync", "POST")).toBe(403);
  expect(await statusOf(token, "applications/shop-web")).toBe(403);

  const row = card.getByRole("table", { name: "Tokens of role pipeline" }).getByRole("row", { name: /^ci / });
  await row.getByRole("button", { name: "Revoke…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await row.waitFor({ state: "detached" });
  await expect.poll(() => statusOf(token, "applications/billing")).toBe(401);
});

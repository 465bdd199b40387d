import { afterAll, beforeAll, expect, it } from "vitest";
import { viewString } from "#core/object/index.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { furnish } from "./furnish.ts";

let bed: UiBed;
let viewer: Awaited<ReturnType<UiBed["addAccount"]>>;

beforeAll(async () => {
  bed = await startBed();
  await furnish(bed);
  viewer = await bed.addAccount(
    "bookkeeper",
    ["p, role:books, applications, get, money/*, allow", "g, bookkeeper, role:books"].join("\n"),
  );
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("somebody sees what the policy lets them see, and counts of nothing else", async () => {
  await using browser = await bed.visit({ as: viewer });
  const { page } = browser;
  await browser.open("/applications");
  const links = page.getByRole("list", { name: "Applications" }).locator("a[data-app]");
  await expect.poll(() => links.allTextContents()).toEqual(["billing", "reports"]);
  await page.getByRole("heading", { name: "Applications 2" }).waitFor();
  const filters = await page.getByRole("complementary", { name: "Filters" }).textContent();
  expect(filters).toContain("money");
  expect(filters).not.toContain("default");
  expect(filters).not.toContain("shop-web");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Find an application or a page…").fill("shop");
  await page.getByText("Nothing has this name.").waitFor();
  expect(await page.content()).not.toContain("shop-web");
});

it("what is not theirs is told as any other refusal, when they know its address", async () => {
  await using browser = await bed.visit({ as: viewer });
  const { page } = browser;
  await browser.open("/applications/argocd/shop-web", "h2");
  await page.getByText("You may not see this").waitFor();
});

it("what the server refuses of several is told by name, with the reason", async () => {
  await using browser = await bed.visit({ as: viewer });
  const { page } = browser;
  await browser.open("/applications");
  const before = (await bed.admin.get("applications/billing")).body;
  await page.getByLabel("Select billing").check();
  await page.getByLabel("Select reports").check();
  await page.getByRole("button", { name: "Sync…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sync", exact: true }).click();
  const notice = page
    .getByRole("region", { name: "Notices" })
    .getByText(/permission denied.*\(and 1 more\)/u);
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(
    /^argocd\/(?:billing|reports): permission denied: applications, sync, money\//u,
  );
  const after = (await bed.admin.get("applications/billing")).body;
  expect(viewString(after, "status", "operationState", "startedAt")).toBe(
    viewString(before, "status", "operationState", "startedAt"),
  );
});

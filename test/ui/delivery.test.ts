import { afterAll, beforeAll, expect, it } from "vitest";
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
  await bed.repository.commit({ "web/all.yaml": settings("info"), "api/all.yaml": settings("info") });
  for (const name of ["web", "api"])
    await bed.deploy(name, { source: { repoURL: bed.repository.url, path: name, targetRevision: "main" } });
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("a commit is looked for by its id with the keyboard alone, and leads to the deliveries of the application that it changed", async () => {
  const commit = await bed.repository.change(
    { "web/all.yaml": settings("debug") },
    { message: "Log more of web" },
  );
  await bed.admin.get("applications/web?refresh=normal");
  await bed.admin.get("applications/api?refresh=normal");
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/delivery", "table");
  await page.keyboard.press("/");
  await page.keyboard.type(commit.slice(0, 10));
  await page.keyboard.press("Enter");
  const found = page.getByRole("table", { name: "Where it is" });
  await found.waitFor();
  await page.getByText("Log more of web").first().waitFor();
  const names = async () => await found.getByRole("link").allTextContents();
  expect(await names()).toEqual(["web"]);

  await page.getByRole("button", { name: "Show 1 application that it does not change" }).click();
  expect(await names()).toEqual(["api", "web"]);
  await found.getByText("it changes nothing of api, which the application reads").waitFor();

  // What came of it in the meantime is seen when the page is loaded anew: its address says what was asked.
  await expect
    .poll(
      async () => {
        await page.reload();
        await found.waitFor();
        return await found.getByRole("row").nth(1).innerText();
      },
      { timeout: 60_000 },
    )
    .toContain("Healthy");
  await found.getByRole("link", { name: "web" }).click();
  await page.getByText("Waiting to be seen").first().waitFor();
  expect(page.url()).toContain("/applications/argocd/web?view=delivery");
  expect(browser.problems).toEqual([]);
});

it("figures are told for each application, in an order and for a project", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/delivery", "table");
  const figures = page.getByRole("table", { name: "Figures of applications" });
  await page.getByLabel("Order").selectOption("frequency");
  await expect.poll(async () => (await figures.getByRole("link").allTextContents())[0]).toBe("web");
  await page.getByText("These are few deliveries: the figures say little.").waitFor();
  await page.getByLabel("Project").selectOption("default");
  await expect.poll(() => page.url()).toContain("project=default");
  expect(await figures.getByRole("link").count()).toBe(2);
});

it("says that nothing has that name, in the server's words", async () => {
  await using browser = await bed.visit();
  await browser.open("/delivery?what=nothing-has-this-name", "table");
  await browser.page.getByText("is no commit, branch or tag of the repositories").waitFor();
});

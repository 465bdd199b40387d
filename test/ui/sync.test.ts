import { afterAll, beforeAll, expect, it } from "vitest";
import { createByForm, dataOf, markPage, untilSaid } from "./application.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

let bed: UiBed;

const settings = (name: string, wave: number) => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}
data: {level: info}
---
`;

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:1.0"}]}
---
`;

const check = `apiVersion: batch/v1
kind: Job
metadata: {name: check, annotations: {argocd.argoproj.io/hook: PostSync}}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: check, image: "simulate.mooring.dev/complete:0"}]}
`;

beforeAll(async () => {
  bed = await startBed();
  const all = [settings("last", 5), web, settings("first", -1), settings("then", 2), check].join("");
  await bed.repository.commit({ "shop/all.yaml": all }, { message: "The shop in waves" });
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("an application made by the form shows its waves in order, is synced, and the page gets to Synced and Healthy by itself", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications");
  const isSamePage = await markPage(page);
  await createByForm(page, { name: "waves", repoURL: bed.repository.url, path: "shop", namespace: "waves" });
  const plan = page.getByRole("dialog", { name: "Sync waves" });
  await plan.getByRole("heading", { name: "5 to create, 1 to run as a hook." }).waitFor();
  expect(browser.path()).toBe("/applications/argocd/waves");
  const steps = plan.getByRole("region", { name: "What would be done" });
  expect(await steps.getByRole("heading", { level: 4 }).allTextContents()).toEqual([
    "Before the sync, wave 0",
    "Sync, wave -1",
    "Sync, wave 0",
    "Sync, wave 2",
    "Sync, wave 5",
    "After the sync, wave 0",
  ]);
  expect((await steps.getByRole("listitem").locator("strong").allTextContents()).join(" ")).toBe(
    "waves first web then last check",
  );
  expect(await dataOf(bed, { namespace: "waves", name: "first" }), "nothing is done yet").toEqual({});

  await plan.getByRole("button", { name: "Sync", exact: true }).click();
  const progress = page.getByRole("dialog");
  await progress.getByText("Succeeded", { exact: true }).first().waitFor({ timeout: 60_000 });
  await progress.getByRole("row", { name: /ConfigMap last/u }).waitFor();
  await progress.getByRole("row", { name: /Job check.*PostSync/u }).waitFor();
  await progress.getByRole("button", { name: "Close" }).last().click();
  await untilSaid(page, "waves", "Healthy Synced");
  await page.getByText(/^Revision .* by Ada Lovelace.* is deployed/u).waitFor();
  expect(await isSamePage(), "nothing was loaded anew").toBe(true);
  expect(await dataOf(bed, { namespace: "waves", name: "last" })).toEqual({ level: "info" });
});

it("what somebody reads of a plan stays open while the application is compared anew", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/waves");
  await untilSaid(page, "waves", "Healthy Synced");
  await page.getByRole("button", { name: "Sync…" }).click();
  const row = page.getByRole("dialog").getByRole("button", { name: /Job check/u });
  await row.click();
  const readAnew = page.waitForResponse(/\/applications\/waves\/plan/u);
  expect((await bed.admin.get("applications/waves?refresh=hard")).status).toBe(200);
  await (await readAnew).finished();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Sync", exact: true, disabled: false })
    .waitFor();
  expect(await row.getAttribute("aria-expanded")).toBe("true");
});

it("what is created already and differs is told with what would change of it", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/waves");
  await untilSaid(page, "waves", "Healthy Synced");
  await bed.repository.change({
    "shop/all.yaml": [settings("first", -1).replace("info", "debug"), settings("then", 2), web].join(""),
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  await untilSaid(page, "waves", "Healthy Out of sync");
  await page.getByRole("button", { name: "Sync…" }).click();
  const plan = page.getByRole("dialog", { name: "Sync waves" });
  await plan.getByRole("heading", { name: "1 to change, 1 kept, 2 as Git says." }).waitFor();
  await plan.getByRole("button", { name: /Change ConfigMap first/u }).click();
  await plan.getByText("level: debug").first().waitFor();
  await plan.getByLabel("Prune").check();
  await plan.getByRole("heading", { name: "Prune, wave 5" }).waitFor();
  await plan.getByRole("button", { name: "Sync and delete 1 object" }).click();
  await page.getByRole("dialog").getByText("Succeeded", { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  await untilSaid(page, "waves", "Healthy Synced");
  expect(await dataOf(bed, { namespace: "waves", name: "first" })).toEqual({ level: "debug" });
  expect(await dataOf(bed, { namespace: "waves", name: "last" })).toEqual({});
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n---\n`;
const hook = `apiVersion: v1
kind: ConfigMap
metadata: {name: announce, annotations: {argocd.argoproj.io/hook: PostSync}}
---
`;

const parts = (count: number): string =>
  Array.from({ length: count }, (_, i) => configMap(`part-${i}`, "1")).join("");

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({
    "all.yaml": configMap("settings", "1") + configMap("old", "1"),
    "many/all.yaml": parts(22),
  });
  await deployManual("plain");
  await deployManual("gated", { "mooring.dev/require-approval": "true" });
  const source = { repoURL: bed.repository.url, path: "many", targetRevision: "main" };
  await deployManual("many", {}, { source });
  await bed.repository.commit({ "all.yaml": configMap("settings", "2") + hook, "many/all.yaml": parts(1) });
  for (const name of ["plain", "gated", "many"]) await bed.admin.get(`applications/${name}?refresh=normal`);
});

afterAll(async () => bed[Symbol.asyncDispose]());

/** An Application that is synced by hand, after its first sync. */
async function deployManual(
  name: string,
  annotations: Readonly<Record<string, string>> = {},
  spec: JsonObject = {},
): Promise<void> {
  await bed.deploy(name, spec);
  const patch = JSON.stringify({ metadata: { annotations }, spec: { syncPolicy: { automated: null } } });
  const { status } = await bed.admin.send("PATCH", `applications/${name}`, {
    name,
    patchType: "merge",
    patch,
  });
  expect(status).toBe(200);
}

async function openPanel(page: Page) {
  await page.getByRole("button", { name: /^Sync/u }).first().click();
  return page.getByRole("dialog");
}

const operationOf = async (name: string) =>
  viewObject((await bed.admin.get(`applications/${name}`)).body, "status", "operationState");

describe("the plan of a sync", () => {
  it("tells in its order what the server would do and why, and is made anew for other options", async () => {
    await using browser = await bed.visit();
    await browser.open("/applications/argocd/plain");
    const panel = await openPanel(browser.page);
    const steps = panel.getByRole("region", { name: "What would be done" });
    await expect
      .poll(() => steps.getByRole("heading", { level: 4 }).allTextContents())
      .toEqual(["Sync, wave 0", "After the sync, wave 0", "Left alone"]);
    const row = steps.getByRole("button", { name: /Change.*settings.*data\.value/u });
    await row.click();
    await steps.getByLabel("What changes in ConfigMap settings").waitFor();
    await steps.getByText("it stays, because prune is off").waitFor();
    await panel.getByRole("checkbox", { name: /^Prune/u }).check();
    await steps.getByRole("button", { name: /Delete.*old/u }).waitFor();
    await panel.getByRole("button", { name: "Sync and delete 1 object" }).waitFor();
  });

  it("is read on a narrow screen without anything cut off", async () => {
    await using browser = await bed.visit({ width: 360, height: 740 });
    await browser.open("/applications/argocd/plain");
    const panel = await openPanel(browser.page);
    const steps = panel.getByRole("region", { name: "What would be done" });
    await steps.waitFor();
    expect(await panel.locator("code").first().textContent()).toMatch(/^sha256:/u);
    const overflowing = await panel.evaluate((dialog) => {
      const { right } = dialog.getBoundingClientRect();
      return [...dialog.querySelectorAll("h3, code, li, label")].filter(
        (one) => one.getBoundingClientRect().right > right,
      ).length;
    });
    expect(overflowing).toBe(0);
  });

  it("that needs approval is approved in the panel, and then exactly that is synced", async () => {
    await using browser = await bed.visit();
    await browser.open("/applications/argocd/gated");
    const panel = await openPanel(browser.page);
    const approval = panel.getByRole("region", { name: "Approval" });
    await approval.getByText("Every sync of this application needs an approved plan.").waitFor();
    const digest = (await approval.locator("code").textContent()) ?? "";
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/u);
    await approval.getByRole("button", { name: "Approve this plan" }).click();
    await approval.getByText("admin has approved exactly this plan").waitFor();
    await panel.getByRole("button", { name: "Sync", exact: true }).click();
    await expect
      .poll(() => operationOf("gated"), { timeout: 10_000 })
      .toMatchObject({
        phase: "Succeeded",
        operation: {
          initiatedBy: { username: "admin" },
          info: [{ name: "mooring.dev/plan", value: digest }],
        },
      });
  });

  it("is not approved by who may only sync, who can ask for it", async () => {
    const policies = "p, syncer, applications, get, */*, allow\np, syncer, applications, sync, */*, allow";
    const syncer = await bed.addAccount("syncer", policies);
    await bed.repository.commit({ "all.yaml": configMap("settings", "3"), "many/all.yaml": parts(1) });
    await bed.admin.get("applications/gated?refresh=normal");
    await using browser = await bed.visit({ as: syncer });
    await browser.open("/applications/argocd/gated");
    const panel = await openPanel(browser.page);
    const approve = panel.getByRole("button", { name: "Approve this plan" });
    await expect.poll(() => approve.isDisabled()).toBe(true);
    await panel.getByRole("button", { name: "Ask for approval" }).click();
    await panel.getByText("a sync of this application needs an approved plan").waitFor();
  });
});

it("a plan that somebody may not see any more is told of as such, and not shown from before", async () => {
  const policies = "p, guest, applications, get, */*, allow\np, guest, applications, sync, */*, allow";
  const guest = await bed.addAccount("guest", policies);
  await using browser = await bed.visit({ as: guest });
  await browser.open("/applications/argocd/plain");
  const panel = await openPanel(browser.page);
  await panel.getByRole("region", { name: "What would be done" }).waitFor();
  await bed.setPolicies("p, guest, applications, sync, */*, allow");
  await expect.poll(async () => (await guest.get("applications/plain")).status).toBe(403);
  await panel.getByRole("checkbox", { name: /^Prune/u }).check();
  await panel.getByText("You may not see what it would do").waitFor();
  await panel.getByText(/permission denied: applications, get/u).waitFor();
  expect(await panel.getByRole("region", { name: "What would be done" }).count()).toBe(0);
});

describe("a plan that the controller would not carry out", () => {
  it("says why, and goes on when somebody says that it is meant", async () => {
    await using browser = await bed.visit();
    await browser.open("/applications/argocd/many");
    const panel = await openPanel(browser.page);
    await panel.getByRole("checkbox", { name: /^Prune/u }).check();
    const guards = panel.getByRole("list", { name: "Guards" });
    await guards.getByText("This would delete 21 of 22 objects").waitFor();
    const sync = panel.getByRole("button", { name: "Sync and delete 21 objects" });
    expect(await sync.isDisabled()).toBe(true);
    await guards.getByRole("checkbox", { name: "It is meant: delete 21 objects" }).click();
    await expect.poll(() => sync.isEnabled()).toBe(true);
    expect(await guards.count()).toBe(0);
  });

  it("is told of in the server's words where it cannot be made", async () => {
    await using browser = await bed.visit();
    await browser.open("/applications/argocd/many");
    const panel = await openPanel(browser.page);
    await panel.getByText("Revision and more options").click();
    await panel.getByLabel("Revision").fill("nowhere");
    await panel.getByText('revision "nowhere" is no branch, tag or matching version').waitFor();
    await panel.getByLabel("Revision").fill("");
    await panel.getByRole("region", { name: "What would be done" }).waitFor();
  });
});

describe("an application that is to be created", () => {
  it("is shown with what it would create, and with what is wrong beside the field", async () => {
    await using browser = await bed.visit();
    const { page } = browser;
    await browser.open("/applications");
    await page.getByRole("button", { name: "New application" }).first().click();
    const panel = page.getByRole("dialog");
    await panel.getByLabel("Name", { exact: true }).fill("fresh");
    await panel.getByLabel("Repository").fill(bed.repository.url);
    await panel.getByLabel("Path").fill("nowhere");
    await panel.getByRole("button", { name: "Preview" }).click();
    await expect
      .poll(() => panel.getByLabel("Path").getAttribute("aria-invalid"), { timeout: 10_000 })
      .toBe("true");
    await panel.getByLabel("Path").fill(".");
    await panel.getByRole("textbox", { name: "Namespace" }).fill("fresh");
    await panel.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("2 objects of 2 kinds.").waitFor();
    await panel.getByText("the namespace of the application").waitFor();
    expect((await bed.admin.get("applications/fresh")).status).toBe(404);
  });
});

import { expect, it } from "vitest";
import { controlPlane, testNamespace } from "#test/control-plane/fixture.ts";
import { createByForm, dataOf, markPage, meddle, untilSaid } from "../application.ts";
import { startBed } from "../bed.ts";

const objects = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
data: {level: info}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:1.0"}]}
`;

it("on a real control plane somebody logs in, makes an application, syncs it, sees what was changed behind Git's back, and deletes it", async () => {
  const [namespace, target] = [await testNamespace("ui"), await testNamespace("shop")];
  const { kubeconfigPath: kubeconfig } = controlPlane();
  await using bed = await startBed({ given: { kubeconfig, namespace } });
  await bed.repository.commit({ "shop/all.yaml": objects });
  await using browser = await bed.visit({ as: undefined });
  const { page } = browser;

  await browser.open("/login");
  await page.getByLabel("Username").fill("admin");
  await page.getByLabel("Password").fill(bed.server.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("No applications yet").waitFor();
  const isSamePage = await markPage(page);

  await createByForm(page, { name: "shop", repoURL: bed.repository.url, path: "shop", namespace: target });
  const plan = page.getByRole("dialog", { name: "Sync shop" });
  await plan.getByRole("heading", { name: "2 to create." }).waitFor();
  expect(await plan.getByRole("heading", { level: 4 }).allTextContents()).toEqual([
    "Sync, wave -1",
    "Sync, wave 0",
  ]);
  await plan.getByRole("button", { name: "Sync", exact: true }).click();
  await page.getByRole("dialog").getByText("Succeeded", { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  await untilSaid(page, "shop", "Healthy Synced");
  const settings = { namespace: target, name: "settings" };
  expect(await dataOf(bed, settings)).toEqual({ level: "info" });

  await meddle(bed, settings, { level: "debug" });
  await untilSaid(page, "shop", "Healthy Out of sync");
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("link", { name: "List" }).click();
  await page.getByRole("table", { name: "Resources" }).getByRole("button", { name: "settings" }).click();
  const panel = page.getByRole("dialog", { name: "settings" });
  await panel.getByRole("tab", { name: "Diff" }).click();
  await panel.getByText("A sync changes 1 line.").waitFor();
  const changed = panel.getByRole("region", { name: "Differences" }).getByRole("code");
  expect(await changed.filter({ hasText: "level:" }).allTextContents()).toEqual([
    "Removed:   level: debug",
    "Added:   level: info",
  ]);
  await panel.getByText("set by mallory").waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await views.getByRole("link", { name: "Drift" }).click();
  await page.getByText(`ConfigMap settings in ${target} was changed in one field by mallory`).waitFor();

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete shop" });
  await dialog.getByLabel("Type shop to delete it").fill("shop");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "shop was deleted" }).waitFor({ timeout: 60_000 });
  expect(await dataOf(bed, settings)).toEqual({});
  await page.getByRole("main").getByRole("link", { name: "All applications" }).click();
  await page.getByText("No applications yet").waitFor();
  expect(await isSamePage(), "nothing was loaded anew").toBe(true);
});

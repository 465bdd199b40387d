import { afterAll, beforeAll, expect, it } from "vitest";
import { meddle, untilSaid } from "./application.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

let bed: UiBed;

const objects = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info, greeting: hello}
---
apiVersion: v1
kind: Pod
metadata:
  name: talks
  annotations: {simulate.mooring.dev/log: "began\\nGET /health 200\\nPOST /orders 500\\nGET /orders 200"}
spec: {containers: [{name: main, image: "registry.example/talks:1.0"}]}
`;

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({ "all.yaml": objects });
  await bed.deploy("shop");
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("the panel of a resource shows the field that differs with both values, and who set it", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop?view=list");
  await untilSaid(page, "shop", "Healthy Synced");
  await page.getByRole("table", { name: "Resources" }).getByRole("button", { name: "settings" }).click();
  const panel = page.getByRole("dialog", { name: "settings" });
  await panel.getByRole("tab", { name: "Diff" }).click();
  await panel.getByRole("heading", { name: "No difference" }).waitFor();

  await meddle(bed, { namespace: "shop", name: "settings" }, { level: "debug" });
  await panel.getByText("A sync changes 1 line.").waitFor();
  const differences = panel.getByRole("region", { name: "Differences" });
  const changed = differences.getByRole("code").filter({ hasText: "level:" });
  expect(await changed.allTextContents()).toEqual(["Removed:   level: debug", "Added:   level: info"]);
  await differences.getByText("set by mallory").waitFor();
  await panel.getByText("Out of sync").waitFor();

  await panel.getByRole("button", { name: "Inline" }).click();
  expect(await changed.allTextContents()).toEqual(["Removed:   level: debug", "Added:   level: info"]);
  await meddle(bed, { namespace: "shop", name: "settings" }, { level: "info" });
  await panel.getByRole("heading", { name: "No difference" }).waitFor();
});

it("Escape in the search of a manifest closes the search, and the panel stays", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop?view=list");
  await page.getByRole("table", { name: "Resources" }).getByRole("button", { name: "settings" }).click();
  const panel = page.getByRole("dialog", { name: "settings" });
  await panel.getByRole("tab", { name: "Manifest" }).click();
  await panel.getByText("greeting").first().click();
  await page.keyboard.press("Control+f");
  const find = panel.getByRole("textbox", { name: "Find" });
  await find.fill("hello");
  await page.keyboard.press("Escape");
  await find.waitFor({ state: "detached" });
  await panel.getByRole("tab", { name: "Manifest" }).waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
});

it("the log of a Pod is read, searched, and narrowed to the lines with a text", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop?view=list");
  await page.getByRole("table", { name: "Resources" }).getByRole("button", { name: "talks" }).click();
  const panel = page.getByRole("dialog", { name: "talks" });
  await panel.getByRole("tab", { name: "Logs" }).click();
  const log = panel.getByRole("log");
  const lines = async () => (await log.innerText()).split("\n");
  const all = ["began", "GET /health 200", "POST /orders 500", "GET /orders 200"];
  await expect.poll(lines).toEqual(all);
  await panel.getByRole("searchbox", { name: "Find in the log" }).fill("ORDERS");
  await expect.poll(lines).toEqual(["POST /orders 500", "GET /orders 200"]);
  expect(await log.locator("mark").allTextContents()).toEqual(["orders", "orders"]);
  await panel.getByText("2 of 4 lines").waitFor();
  await panel.getByRole("button", { name: "Only lines with the text", pressed: true }).click();
  await expect.poll(lines, { message: "the others are shown with it" }).toEqual(all);
  expect(await log.locator("mark").allTextContents()).toEqual(["orders", "orders"]);
  await panel.getByRole("button", { name: "Only lines with the text", pressed: false }).click();
  await panel.getByRole("searchbox", { name: "Find in the log" }).fill("DELETE");
  await panel.getByText("No line has this text").waitFor();
});

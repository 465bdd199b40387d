import { afterAll, beforeAll, expect, it } from "vitest";
import { installObject } from "#engine/install-object.ts";
import { systemClock } from "#runtime/clock.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { create } from "./furnish.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({ "all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ours}\n" });
  const destinations = [{ server: "*", namespace: "*" }];
  const spec = { sourceRepos: ["*"], destinations, orphanedResources: {} };
  await create(bed, "projects", { project: { metadata: { name: "tidy" }, spec } });
  await bed.deploy("web", { project: "tidy" });
  const stray = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "stray", namespace: "web" } };
  await installObject(bed.cluster, stray, { clock: systemClock, fieldManager: "test", signal: bed.signal });
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("what nobody manages is shown when one asks for it, as what it is, and can be opened", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/web?view=list");
  const resources = page.getByRole("region", { name: "Resources" });
  await resources.getByText("ours", { exact: true }).waitFor();
  const toggle = resources.getByRole("button", { name: "1 orphan" });
  await toggle.waitFor();
  expect(await resources.getByText("stray", { exact: true }).count()).toBe(0);
  await toggle.press("Enter");
  expect(await toggle.getAttribute("aria-pressed")).toBe("true");
  await resources.getByText("stray", { exact: true }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("heading", { name: "stray" }).waitFor();
  await panel.getByRole("tab", { name: "Manifest" }).click();
  await panel.getByText("name: stray").waitFor();
});

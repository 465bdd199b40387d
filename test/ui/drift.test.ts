import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { dataOf, markPage, meddle, untilSaid } from "./application.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";

let bed: UiBed;

const settings = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
`;

const policy = (selfHeal: boolean) => ({
  syncPolicy: { automated: { selfHeal }, syncOptions: ["CreateNamespace=true"] },
});

beforeAll(async () => {
  bed = await startBed();
  await bed.repository.commit({ "all.yaml": settings });
  await bed.deploy("held", policy(false));
  await bed.deploy("healed", policy(true));
});

afterAll(async () => bed[Symbol.asyncDispose]());

it("a change behind Git's back is told on the page, lasts while self-heal is off, and is undone when it is turned on there", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/held?view=drift");
  await untilSaid(page, "held", "Healthy Synced");
  await page.getByText("Nothing was changed behind Git's back").waitFor();
  const isSamePage = await markPage(page);

  await meddle(bed, { namespace: "held", name: "settings" }, { level: "debug" });
  await untilSaid(page, "held", "Healthy Out of sync");
  await page
    .getByText(/it was changed after the sync, and self-heal is off: sync it to undo that\.$/u)
    .waitFor();
  const drift = page.getByRole("main").getByRole("listitem").filter({ hasText: "ConfigMap settings" });
  await drift.getByText("ConfigMap settings in held was changed in one field by mallory").waitFor();
  await drift.getByText("It lasts: nothing undoes it by itself until the next sync.").waitFor();
  const row = drift.getByRole("row").filter({ hasText: "data.level" });
  expect(await row.getByRole("cell").allTextContents()).toEqual([
    "data.level",
    `"info"`,
    `"debug"`,
    "mallory",
  ]);
  expect(await dataOf(bed, { namespace: "held", name: "settings" })).toEqual({ level: "debug" });

  await page.getByRole("checkbox", { name: "Self-heal" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn on" }).click();
  await untilSaid(page, "held", "Healthy Synced");
  await drift.getByText(/^undone by a self-heal after /u).waitFor();
  expect(await dataOf(bed, { namespace: "held", name: "settings" })).toEqual({ level: "info" });
  expect(await isSamePage(), "nothing was loaded anew").toBe(true);
});

it("what self-heal undid at once is listed all the same, with who did it", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/healed?view=drift");
  await untilSaid(page, "healed", "Healthy Synced");
  await page.getByText("Nothing was changed behind Git's back").waitFor();
  await meddle(bed, { namespace: "healed", name: "settings" }, { level: "trace" });
  const drift = page.getByRole("main").getByRole("listitem").filter({ hasText: "ConfigMap settings" });
  await drift.getByText(/^undone by a self-heal after /u).waitFor({ timeout: 60_000 });
  const row = drift.getByRole("row").filter({ hasText: "data.level" });
  expect(await row.getByRole("cell").allTextContents()).toEqual([
    "data.level",
    `"info"`,
    `"trace"`,
    "mallory",
  ]);
  await untilSaid(page, "healed", "Healthy Synced");
  await eventually(async () =>
    expect(await dataOf(bed, { namespace: "healed", name: "settings" })).toEqual({ level: "info" }),
  );
});

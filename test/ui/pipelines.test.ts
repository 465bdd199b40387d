import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import {
  createEnvironment,
  createPipeline,
  promoteAs,
  readPromotion,
  untilPhase,
  untilStage,
} from "./furnish-pipelines.ts";

const policy = `
p, role:looks, pipelines, get, */*, allow
p, role:looks, applications, get, */*, allow
p, role:dev, pipelines, promote/*, default/*, allow
p, role:dev, pipelines, rollback/staging, default/*, allow
p, role:dev, pipelines, hold/*, default/*, allow
p, role:approves, pipelines, approve/prod, default/*, allow
p, role:breaks, pipelines, break-glass/prod, default/*, allow
g, ada, role:looks
g, ada, role:dev
g, bob, role:looks
g, bob, role:approves
g, carol, role:looks
g, carol, role:approves
g, eve, role:looks
g, eve, role:breaks
`;
const people = ["ada", "bob", "carol", "eve"] as const;

let bed: UiBed;
const sessions = new Map<string, { readonly token: string }>();
const visitAs = (name: (typeof people)[number]) => bed.visit({ as: sessions.get(name) });

const config = (color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {color: ${color}}\n`;

let count = 0;
let first = "";

/** Commits a color that was not there before; gives the commit. */
const commit = async (subject: string): Promise<string> => {
  count += 1;
  const files = { "web/web.yaml": config(`color-${count}`) };
  return await bed.repository.change(files, { author: "Dora <dora@example.com>", message: subject });
};

beforeAll(async () => {
  bed = await startBed();
  for (const name of people) sessions.set(name, await bed.addAccount(name, policy));
  first = await bed.repository.commit({ "web/web.yaml": config("color-0") });
  for (const branch of ["staging", "prod"]) await bed.repository.branch(branch, first);
  for (const branch of ["main", "staging", "prod"]) await createEnvironment(bed, `shop-${branch}`, branch);
  await createPipeline(bed, "shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-main"] },
      { name: "staging", branch: "staging", applications: ["shop-staging"] },
      {
        name: "prod",
        branch: "prod",
        applications: ["shop-prod"],
        gates: [{ approvals: { required: 2 } }],
      },
    ],
  });
  for (const stage of ["dev", "staging", "prod"])
    await untilStage(bed, ["shop", stage], ({ health }) => health === "Healthy");
});

afterAll(async () => bed[Symbol.asyncDispose]());

async function change(patch: JsonObject): Promise<void> {
  const ref = { type: hubTypes.pipeline, namespace: "argocd", name: "shop" };
  await bed.cluster.mergePatch(ref, patch, { fieldManager: "test", signal: bed.signal });
}

/** A commit that is good in staging, and so the candidate of prod. */
async function ready(subject: string): Promise<string> {
  const revision = await commit(subject);
  const name = await promoteAs(bed, "ada", ["shop", "staging"]);
  await untilPhase(bed, name, "Succeeded");
  await untilStage(bed, ["shop", "prod"], ({ candidate }) => candidate?.revision === revision);
  return revision;
}

beforeEach(async () => change({ spec: { freezes: null } }));

const nameOf = (stage: string, revision: string) => `shop-${stage}-${revision.slice(0, 7)}`;

it("somebody promotes, two others approve what they see, and it is in prod", async () => {
  await using hers = await visitAs("ada");
  await hers.open("/pipelines", "[aria-label='Stage prod']");
  const revision = await ready("Faster checkout");
  const row = hers.page.getByRole("list", { name: "Stages of shop" });
  await row.getByText("+1 commit ready").waitFor();
  await hers.page.getByRole("link", { name: "shop", exact: true }).click();
  const prod = hers.page.getByRole("listitem", { name: "Stage prod" });
  await prod.getByText("Faster checkout").waitFor();
  await prod.getByRole("button", { name: "Promote…" }).click();
  const asking = hers.page.getByRole("dialog", { name: "Promote to prod" });
  await asking.getByLabel("Reason").fill("The feast is on Friday");
  await asking.getByRole("button", { name: "Promote", exact: true }).click();
  const name = nameOf("prod", revision);
  await hers.page.getByRole("heading", { name }).waitFor();
  const approve = hers.page.getByRole("button", { name: "Approve…" });
  await expect
    .poll(() => approve.getAttribute("title"))
    .toMatch(/approve\/prod|You asked for this promotion/u);
  expect(await approve.isDisabled()).toBe(true);

  const { plan } = (await untilPhase(bed, name, "Waiting")).status;
  await using his = await visitAs("bob");
  await his.open("/applications");
  await his.page.getByRole("link", { name: /^Pipelines ?, 1 promotion waits for you$/u }).waitFor();
  await his.page.keyboard.press("Control+k");
  await his.page.getByRole("option", { name: `Approve ${revision.slice(0, 7)} for prod` }).click();
  await his.page.getByText("Faster checkout").first().waitFor();
  await his.page.getByRole("button", { name: "Approve…" }).click();
  const approving = his.page.getByRole("dialog", { name: `Approve ${name}` });
  await approving.getByText(plan?.digest.slice(0, 19) ?? "?").waitFor();
  await approving.getByLabel("Comment").fill("Looks good");
  await approving.getByRole("button", { name: "Approve", exact: true }).click();
  await his.page.getByRole("list", { name: "Approvals" }).getByText("Looks good").waitFor();
  await his.page.getByText("waits for 1 of 2 approvals").waitFor();
  expect(await bed.repository.git("rev-parse", "prod"), "one is not enough").not.toBe(revision);

  await using theirs = await visitAs("carol");
  await theirs.open(`/promotions/argocd/${name}`);
  await theirs.page.getByRole("button", { name: "Approve…" }).click();
  await theirs.page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
  await hers.page.getByText("Succeeded", { exact: true }).waitFor({ timeout: 30_000 });
  expect(await bed.repository.git("rev-parse", "prod")).toBe(revision);
  const steps = hers.page.getByRole("list", { name: "What has happened" });
  await steps.getByText("bob, carol").waitFor();
  const { status } = await readPromotion(bed, name);
  expect(status.approvals?.map(({ username, digest }) => [username, digest])).toEqual([
    ["bob", plan?.digest],
    ["carol", plan?.digest],
  ]);
});

it("an approval of a plan that is another one now is refused, and the new plan is shown", async () => {
  const revision = await ready("Prices in all currencies");
  const name = await promoteAs(bed, "ada", ["shop", "prod"]);
  await untilPhase(bed, name, "Waiting");
  await using browser = await visitAs("bob");
  const { page } = browser;
  await browser.open(`/promotions/argocd/${name}`);
  await page.getByRole("button", { name: "Approve…" }).click();
  const dialog = page.getByRole("dialog");
  const other = `sha256:${"ab".repeat(32)}`;
  // Between what was read and the click: the page has not heard of it.
  const ref = { type: hubTypes.promotion, namespace: "argocd", name };
  await page.route("**/approve", async (route) => {
    const { plan } = (await readPromotion(bed, name)).status;
    const status = { plan: { ...plan, digest: other } } as unknown as JsonObject;
    const options = { fieldManager: "test", signal: bed.signal, subresource: "status" } as const;
    await bed.cluster.mergePatch(ref, { status }, options);
    await route.continue();
  });
  await dialog.getByRole("button", { name: "Approve", exact: true }).click();
  await dialog.getByText("is not the digest of its plan").waitFor();
  await dialog.getByText("The plan has changed while you looked at it.").waitFor();
  await dialog.getByText(other.slice(0, 19)).first().waitFor();
  expect((await readPromotion(bed, name)).status.approvals ?? []).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Reject…" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Not before the feast");
  await page.getByRole("dialog").getByRole("button", { name: "Reject", exact: true }).click();
  await page.getByText("Refused", { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText("Rejected by bob").waitFor();
  expect(await bed.repository.git("rev-parse", "prod")).not.toBe(revision);
});

it("a freeze holds a promotion until somebody breaks the glass, which every page says from then on", async () => {
  const revision = await ready("The fire is out");
  const from = new Date(Date.now() - 60_000).toISOString();
  await change({ spec: { freezes: [{ name: "year-end", reason: "closed", stages: ["prod"], from }] } });
  await using browser = await visitAs("eve");
  const { page } = browser;
  await browser.open("/pipelines/argocd/shop");
  await page.getByRole("listitem", { name: "Stage prod" }).getByText("Frozen by year-end (closed)").waitFor();
  const name = await promoteAs(bed, "ada", ["shop", "prod"]);
  await browser.open(`/promotions/argocd/${name}`);
  await page
    .getByRole("list", { name: "Gates" })
    .getByText("frozen by year-end")
    .waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Break glass…" }).click();
  const dialog = page.getByRole("dialog", { name: "Break the glass for prod" });
  expect(await dialog.getByRole("button", { name: "Break the glass" }).isDisabled(), "without a reason").toBe(
    true,
  );
  await dialog.getByLabel("Reason").fill("The shop burns");
  await dialog.getByRole("button", { name: "Break the glass" }).click();
  const banner = page.getByRole("region", { name: "Glass broken in prod" });
  await banner.getByText("The shop burns").waitFor();
  await page.getByText("Succeeded", { exact: true }).waitFor({ timeout: 30_000 });
  await banner.waitFor();
  expect(await bed.repository.git("rev-parse", "prod")).toBe(revision);
  await browser.open("/pipelines/argocd/shop");
  await banner.getByText("The shop burns").waitFor();
  await browser.open("/pipelines", "[aria-label='Stage prod']");
  await page.getByRole("list", { name: "Signs of prod" }).getByText("Glass broken").waitFor();
});

it("a rollback is followed by a hold, which somebody ends", async () => {
  const revision = await ready("A mistake");
  await using browser = await visitAs("ada");
  const { page } = browser;
  await browser.open("/pipelines/argocd/shop");
  const staging = page.getByRole("listitem", { name: "Stage staging" });
  await staging.getByText("A mistake").first().waitFor();
  await staging.getByRole("button", { name: "Roll back…" }).click();
  const dialog = page.getByRole("dialog", { name: "Roll back staging" });
  await dialog.getByText("A hold follows").waitFor();
  await dialog.getByLabel("Reason").fill("It hurts the eyes");
  await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
  await page.getByRole("heading", { name: /^shop-staging-back-/u }).waitFor();
  await page.getByText("Succeeded", { exact: true }).waitFor({ timeout: 30_000 });
  expect(await bed.repository.git("log", "-1", "--format=%B", "staging")).toContain(revision);
  await page
    .getByRole("navigation", { name: "Places" })
    .getByRole("link", { name: /^Pipelines/u })
    .click();
  await page.getByRole("link", { name: "staging", exact: true }).click();
  await staging.getByText("It hurts the eyes").waitFor();
  const history = page.getByRole("table", { name: "Promotions" });
  await history
    .getByRole("row", { name: /A mistake|Rolled back/u })
    .first()
    .waitFor();
  await staging.getByRole("button", { name: "Resume…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
  await staging.getByRole("button", { name: "Hold…" }).waitFor({ timeout: 30_000 });
});

it("what somebody pushes past the pipeline waits as a promotion, to which its application leads", async () => {
  const tip = await bed.repository.git("rev-parse", "prod");
  const files = { "web/web.yaml": config("pushed") };
  const pushed = await bed.repository.change(files, { branch: "prod", message: "Straight to prod" });
  const name = nameOf("prod", pushed);
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop-prod");
  const condition = page.getByRole("list", { name: "Conditions" }).getByRole("listitem");
  await condition.getByText("What is new waits for its promotion").waitFor({ timeout: 30_000 });
  expect(await condition.filter({ hasText: "waits for its promotion" }).textContent()).not.toContain(
    "mooring promotion",
  );
  await condition.getByRole("link", { name }).click({ timeout: 30_000 });
  await page.getByText("pushed with git").waitFor();
  await page.getByText("Straight to prod").first().waitFor();
  await bed.repository.branch("prod", tip);
});

it("an application of a stage leads to its pipeline", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications/argocd/shop-prod");
  await page.getByRole("link", { name: "prod of shop" }).click();
  await page.getByRole("listitem", { name: "Stage prod" }).waitFor();
  expect(browser.path()).toBe("/pipelines/argocd/shop?stage=prod");
});

it("who may only look sees everything, and why the buttons do nothing", async () => {
  await using browser = await visitAs("bob");
  const { page } = browser;
  await browser.open("/pipelines/argocd/shop");
  const prod = page.getByRole("group", { name: "What can be done with prod" });
  for (const [button, action] of [
    ["Promote…", "promote/prod"],
    ["Roll back…", "rollback/prod"],
    ["Hold…", "hold/prod"],
  ] as const) {
    const found = prod.getByRole("button", { name: button });
    await expect.poll(() => found.getAttribute("title")).toContain(`pipelines, ${action}, default/shop`);
    expect(await found.isDisabled()).toBe(true);
  }
  await expect.poll(() => page.getByRole("button", { name: "Delete…" }).isDisabled()).toBe(true);
});

it("the settings are edited as YAML, and a pipeline is deleted by its name", async () => {
  await createPipeline(bed, "other", {
    interval: "1h",
    stages: [{ name: "dev", branch: "main", applications: [] }],
  });
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/pipelines/argocd/other?view=settings");
  const editor = page.getByRole("textbox", { name: "the spec as YAML" });
  await editor.getByText("1h").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("m");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. Its branches are looked at anew.").waitFor();
  const ref = { type: hubTypes.pipeline, namespace: "argocd", name: "other" };
  expect((await bed.cluster.read(ref, bed.signal))?.["spec"]).toMatchObject({ interval: "1m" });

  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete other" });
  await dialog.getByLabel("Type other to delete it").fill("other");
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("heading", { name: "Pipelines 1" }).waitFor();
  expect(await bed.cluster.read(ref, bed.signal)).toBeUndefined();
});

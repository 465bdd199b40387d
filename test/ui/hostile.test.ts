import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import { hostile, untilRead } from "./browser.ts";
import { create } from "./furnish.ts";
import { hostilePromotion } from "./hostile-promotion.ts";
import { pages } from "./pages.ts";

let bed: UiBed;

/** All that somebody else can write and that is shown somewhere. */
const text = Object.values(hostile).join(" ");

beforeAll(async () => {
  bed = await startBed();
  await create(bed, "projects", {
    project: {
      metadata: { name: "hostile" },
      spec: {
        description: text.slice(0, 255),
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        roles: [{ name: "role", description: text }],
      },
    },
  });
  await bed.configure({
    "ui.bannercontent": text,
    "ui.bannerurl": hostile.address,
    "ui.loginButtonText": hostile.markup,
    "help.chatText": hostile.markup,
    "help.chatUrl": hostile.address,
    "application.links": `- url: "javascript:__owned='deep link'"\n  title: ${JSON.stringify(hostile.markup)}\n`,
  });
  // As somebody writes it who may write Applications in the cluster: the API would refuse some of it.
  const application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "hostile",
      namespace: "argocd",
      labels: { "example.com/team": "javascript-alert-1" },
      annotations: {
        "argocd.argoproj.io/skip-reconcile": "true",
        "link.argocd.argoproj.io/external-link": hostile.address,
        "notifications.example.com/text": text,
      },
    },
    spec: {
      project: "hostile",
      source: {
        repoURL: `https://git.example.com/${hostile.attribute}.git`,
        path: hostile.markup,
        targetRevision: text,
      },
      destination: { server: `https://${hostile.attribute}`, namespace: "default" },
      info: [{ name: hostile.markup, value: hostile.address }],
    },
    status: {
      sync: { status: hostile.markup, revision: text },
      health: { status: "Degraded", message: text },
      conditions: [{ type: "SyncError", message: text, lastTransitionTime: "2026-01-01T00:00:00Z" }],
      summary: { externalURLs: [hostile.address, `https://x${hostile.attribute}`], images: [hostile.markup] },
      history: [
        {
          id: 1,
          revision: text,
          deployedAt: "2026-01-01T00:00:00Z",
          initiatedBy: { username: hostile.markup },
        },
      ],
      operationState: {
        phase: "Failed",
        message: text,
        startedAt: "2026-01-01T00:00:00Z",
        finishedAt: "2026-01-01T00:01:00Z",
        operation: { initiatedBy: { username: hostile.markup } },
        syncResult: {
          revision: text,
          resources: [
            {
              group: "",
              version: "v1",
              kind: "ConfigMap",
              namespace: "default",
              name: "a",
              message: text,
              status: "SyncFailed",
            },
          ],
        },
      },
      resources: [
        { version: "v1", kind: "ConfigMap", namespace: "default", name: hostile.markup, status: "OutOfSync" },
        {
          version: "v1",
          kind: hostile.template,
          name: hostile.style,
          status: "Synced",
          health: { status: "Degraded", message: text },
        },
      ],
    },
  };
  const options = { fieldManager: "test", signal: bed.signal } as const;
  await bed.cluster.create(hubTypes.application, application, options);
  for (const type of ["pipeline", "promotion"] as const) {
    const { status, ...object } = hostilePromotion(text)[type];
    await bed.cluster.create(hubTypes[type], object, options);
    const ref = { type: hubTypes[type], namespace: "argocd", name: "hostile" };
    await bed.cluster.mergePatch(ref, { status }, { ...options, subresource: "status" });
  }
  const read = async () => (await bed.admin.get("settings")).body;
  await eventuallyHas(read, "uiBannerContent");
});

async function eventuallyHas(read: () => Promise<object>, field: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (field in (await read())) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the settings have no ${field}`);
}

afterAll(async () => bed[Symbol.asyncDispose]());

/** Addresses of links and frames that lead to anything but the web. */
async function strangeAddresses(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("a[href], area[href], iframe[src], form[action]")]
      .map(
        (each) => each.getAttribute("href") ?? each.getAttribute("src") ?? each.getAttribute("action") ?? "",
      )
      .filter((address) => !/^https?:$/u.test(URL.parse(address, document.baseURI)?.protocol ?? "")),
  );
}

// Class: scripts in pages.
it.each([
  ...pages,
  { name: "hostile", path: "/applications/argocd/hostile" },
  { name: "hostile-promotion", path: "/promotions/argocd/hostile" },
  { name: "hostile-tiles", path: "/applications?look=tiles" },
])(
  "what others wrote is shown as text and runs nowhere: $name",
  async ({ path, ready, isOpen }: (typeof pages)[number]) => {
    // Whatever runs, or is kept from running by the policy alone, is a problem that this browser notes.
    await using browser = await bed.visit(isOpen === true ? { as: undefined } : {});
    const { page } = browser;
    await browser.open(path.replace(/shop-web|money|storefront/u, "hostile"), ready);
    await untilRead(page);
    await page.waitForTimeout(300);
    expect(await strangeAddresses(page)).toEqual([]);
    expect(await page.locator("img[src=x], svg[onload], script:not([src])").count()).toBe(0);
    const main = page.getByRole("main");
    // What needs a pointer or the focus to run.
    for (const element of await main.locator("a, button, [title]").all())
      if (await element.isVisible())
        await element.hover({ timeout: 1_000, force: true, trial: false }).catch(() => undefined);
    expect(await page.evaluate(() => "__owned" in globalThis && globalThis["__owned" as never])).toBeFalsy();
  },
);

it("what others wrote of a promotion is read as they wrote it", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/promotions/argocd/hostile");
  await untilRead(page);
  const said = await page.getByRole("main").textContent();
  for (const each of [`“${text}”`, `Asked for by${hostile.markup}`, `Rejected by ${hostile.markup}`])
    expect(said).toContain(each);
  await browser.open("/pipelines/argocd/hostile", "[aria-label^='Stages of']");
  const stages = await page.getByRole("list", { name: "Stages of hostile" }).textContent();
  expect(stages).toContain(`: ${text}`);
  expect(stages).toContain(hostile.style);
});

it("a banner is text, and a link only where it leads to the web", async () => {
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications");
  const banner = page.getByRole("complementary", { name: "Announcement" });
  expect(await banner.textContent()).toBe(text);
  expect(await banner.locator("a").count()).toBe(0);
});

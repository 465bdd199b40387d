import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { hubTypes } from "#engine/hub-types.ts";
import { clientSecret, startIdentityProvider } from "#test/auth/identity-provider.ts";
import type { UiBed } from "./bed.ts";
import { startBed } from "./bed.ts";
import type { Visit } from "./browser.ts";
import { create } from "./furnish.ts";

let bed: UiBed;

beforeAll(async () => {
  bed = await startBed();
});

afterAll(async () => bed[Symbol.asyncDispose]());

async function logIn({ page }: Visit, password = bed.server.password): Promise<void> {
  await page.getByLabel("Username").fill("admin");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

describe("the login", () => {
  it("says what is wrong about a password, and goes to the page that was wanted with the right one", async () => {
    await using browser = await bed.visit({ as: undefined });
    const { page } = browser;
    await browser.open("/applications?text=web&sort=-createdAt");
    expect(browser.path()).toBe("/login?back=%2Fapplications%3Ftext%3Dweb%26sort%3D-createdAt");
    await logIn(browser, "wrong");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/password/iu);
    expect(await page.getByLabel("Username").inputValue()).toBe("admin");
    await logIn(browser);
    await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
    expect(browser.path()).toBe("/applications?text=web&sort=-createdAt");
    expect(await page.getByRole("searchbox").inputValue()).toBe("web");
    const [cookie] = (await browser.context.cookies()).filter(({ name }) => name === "argocd.token");
    expect(cookie, "no script reads it").toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    expect(
      await page.evaluate(() =>
        JSON.stringify([localStorage, sessionStorage].map((kept) => Object.entries(kept))),
      ),
    ).not.toContain("ey");
  });

  it("works by keyboard alone", async () => {
    await using browser = await bed.visit({ as: undefined });
    const { page } = browser;
    await browser.open("/login");
    await page.getByLabel("Username").waitFor();
    await page.keyboard.type("admin");
    await page.keyboard.press("Tab");
    await page.keyboard.type(bed.server.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
    expect(browser.path()).toBe("/applications");
  });

  // Class: scripts in pages.
  it.each(["//evil.example.com/", "https://evil.example.com/", "/\\evil.example.com", "javascript:alert(1)"])(
    "does not go to %j afterwards",
    async (foreign) => {
      await using browser = await bed.visit({ as: undefined });
      await browser.open(`/login?back=${encodeURIComponent(foreign)}`);
      await logIn(browser);
      await browser.page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
      expect(browser.path()).toBe("/applications");
    },
  );

  it("is over with the link that logs out, and the next page asks for it again", async () => {
    await using browser = await bed.visit({ as: await bed.logIn("admin", bed.server.password) });
    const { page } = browser;
    await browser.open("/user-info");
    await page.getByRole("link", { name: "Log out" }).click();
    await page.getByLabel("Password").waitFor();
    await browser.open("/settings");
    expect(browser.path()).toBe("/login?back=%2Fsettings");
  });
});

describe("a session that ends while the page is open", () => {
  it("leads to the login without anything being clicked, and back", async () => {
    const session = await bed.logIn("admin", bed.server.password);
    await using browser = await bed.visit({ as: session });
    const { page } = browser;
    await browser.open("/applications?sort=-createdAt");
    await page.getByText("No applications yet").waitFor();
    // Ended elsewhere; the page's stream is told so with the next thing that happens.
    expect((await session.send("DELETE", "session", {})).status).toBe(200);
    await create(bed, "applications", {
      metadata: { name: "web", namespace: "argocd" },
      spec: {
        project: "default",
        source: { repoURL: bed.repository.url, path: ".", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: "web" },
      },
    });
    await page.getByRole("heading", { name: "Log in to Mooring" }).waitFor();
    expect(await page.locator("form, [role=status]").first().textContent()).toContain(
      "Your session has ended",
    );
    await logIn(browser);
    await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
    expect(browser.path()).toBe("/applications?sort=-createdAt");
  });

  it("leads there at the next thing that is asked of the server, too", async () => {
    const session = await bed.logIn("admin", bed.server.password);
    await using browser = await bed.visit({ as: session });
    const { page, context } = browser;
    await browser.open("/user-info");
    await context.clearCookies();
    await page.getByRole("link", { name: "Applications", exact: true }).click();
    await page.getByRole("heading", { name: "Log in to Mooring" }).waitFor();
  });
});

it("logs in by single sign-on, and comes back to the page that was wanted", async () => {
  const provider = await startIdentityProvider({ server: bed.url });
  const secret = { type: hubTypes.secret, namespace: "argocd", name: "argocd-secret" };
  const encoded = Buffer.from(clientSecret).toString("base64");
  const write = { fieldManager: "test", signal: bed.signal };
  await bed.cluster.mergePatch(secret, { data: { "oidc.clientSecret": encoded } }, write);
  const config = {
    name: "Our people",
    issuer: provider.issuer,
    clientID: "argocd",
    clientSecret: "$oidc.clientSecret",
    rootCA: provider.ca,
  };
  await bed.configure({ url: bed.url, "oidc.config": stringify(config) });
  onTestFinished(() => bed.configure({ "oidc.config": "" }));
  const settings = async () => (await fetch(`${bed.url}/api/v1/settings`)).text();
  await expect.poll(settings, { timeout: 30_000 }).toContain(provider.issuer);
  await using browser = await bed.visit({ as: undefined, trustsAll: true });
  const { page } = browser;
  await browser.open("/applications?text=web");
  await page.getByRole("link", { name: "Log in with Our people" }).click();
  await page.getByRole("heading", { level: 1, name: "Applications" }).waitFor();
  expect(browser.path()).toBe("/applications?text=web");
  await browser.open("/user-info");
  await page.getByText("ada@example.com").waitFor();
  for (const group of ["team-a", "team-b"]) await page.getByText(group, { exact: true }).waitFor();
});

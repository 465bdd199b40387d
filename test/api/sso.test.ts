import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { hubTypes } from "#engine/hub-types.ts";
import type { IdentityProvider } from "#test/auth/identity-provider.ts";
import { clientSecret, startIdentityProvider } from "#test/auth/identity-provider.ts";
import { BrowserClient } from "./browser-client.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const options = { fieldManager: "test", signal };
let api: RunningApi;

beforeAll(async () => {
  api = await startApi([]);
});

afterAll(async () => await api[Symbol.asyncDispose]());

async function configure(data: Readonly<Record<string, string | null>>): Promise<void> {
  const ref = { type: hubTypes.configMap, namespace: "argocd", name: "argocd-cm" };
  await api.hub.mergePatch(ref, { data }, options);
}

/** A provider to which the server sends people; the settings go with the test. */
async function useProvider(more: Readonly<Record<string, string>> = {}): Promise<IdentityProvider> {
  const provider = await startIdentityProvider({ server: api.baseUrl });
  const secret = { type: hubTypes.secret, namespace: "argocd", name: "argocd-secret" };
  const encoded = Buffer.from(clientSecret).toString("base64");
  await api.hub.mergePatch(secret, { data: { "oidc.clientSecret": encoded } }, options);
  const config = {
    name: "Test",
    issuer: provider.issuer,
    clientID: "argocd",
    clientSecret: "$oidc.clientSecret",
    rootCA: provider.ca,
    ...more,
  };
  await configure({ url: api.baseUrl, "oidc.config": stringify(config) });
  onTestFinished(() => configure({ url: null, "oidc.config": null }));
  const settings = async () => (await fetch(`${api.baseUrl}/api/v1/settings`)).text();
  await expect.poll(settings, { timeout: 30_000 }).toContain(provider.issuer);
  return provider;
}

const session = (browser: BrowserClient) =>
  browser.fetch(`${api.baseUrl}/api/v1/session/userinfo`).then((answer) => answer.json() as Promise<unknown>);

/** Logs in as people do, and gives where the browser is then. */
async function logIn(browser: BrowserClient, provider: IdentityProvider, returnUrl: string): Promise<string> {
  const begun = await browser.fetch(`${api.baseUrl}/auth/login?return_url=${encodeURIComponent(returnUrl)}`);
  expect(begun.status).toBe(303);
  const back = await provider.follow(begun.headers.get("location") ?? "");
  expect(`${back.origin}${back.pathname}`).toBe(`${api.baseUrl}/auth/callback`);
  // The provider's page sends the browser here.
  const done = await browser.fetch(back.href, { headers: { "sec-fetch-site": "cross-site" } });
  expect(done.status).toBe(303);
  expect(done.headers.get("cache-control")).toBe("no-store");
  return done.headers.get("location") ?? "";
}

describe("single sign-on of a browser", () => {
  it("goes to the provider and comes back to the page that was wanted, with a session", async () => {
    const provider = await useProvider();
    const browser = new BrowserClient();
    expect(await session(browser)).not.toHaveProperty("loggedIn", true);
    const wanted = `${api.baseUrl}/applications?text=web`;
    expect(await logIn(browser, provider, wanted)).toBe(wanted);
    expect(await session(browser)).toMatchObject({
      loggedIn: true,
      username: "ada@example.com",
      iss: provider.issuer,
      groups: ["team-a", "team-b"],
    });
    const cookies = browser.cookiesFor(api.baseUrl).map((pair) => pair.split("=", 1)[0]);
    expect(cookies, "of the login itself nothing is left").toEqual(["argocd.token"]);
    expect(await session(new BrowserClient())).not.toHaveProperty("loggedIn", true);
  });

  // Class: scripts in pages.
  it("leads to no page but the server's own", async () => {
    await useProvider();
    for (const foreign of [
      "https://evil.example.com/",
      "//evil.example.com/",
      `${api.baseUrl}@evil.example.com/`,
      `${api.baseUrl}.evil.example.com/`,
      "/\\evil.example.com",
      "javascript:alert(1)",
    ]) {
      const browser = new BrowserClient();
      const answer = await browser.fetch(
        `${api.baseUrl}/auth/login?return_url=${encodeURIComponent(foreign)}`,
      );
      expect(answer.status, `${foreign}`).toBe(400);
      expect(await answer.text(), `${foreign}`).toContain("name a page of this server");
      expect(answer.headers.get("location"), `${foreign}`).toBeNull();
      expect(browser.cookiesFor(api.baseUrl), `${foreign}`).toEqual([]);
    }
  });

  it("ends what somebody else began with a page that says so", async () => {
    const provider = await useProvider();
    const begun = await new BrowserClient().fetch(`${api.baseUrl}/auth/login`);
    const back = await provider.follow(begun.headers.get("location") ?? "");
    const other = new BrowserClient();
    const answer = await other.fetch(back.href);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await answer.text()).toContain("The login did not succeed");
    expect(other.cookiesFor(api.baseUrl)).toEqual([]);
  });

  // Class: scripts in pages.
  it("shows nothing that somebody wrote into the address as markup", async () => {
    await useProvider();
    const hostile = `"><script>alert(1)</script>`;
    for (const query of [
      { error: hostile, error_description: hostile },
      { code: hostile, state: hostile },
      { error: "access_denied", state: hostile, iss: hostile },
    ]) {
      const browser = new BrowserClient();
      await browser.fetch(`${api.baseUrl}/auth/login`);
      const answer = await browser.fetch(
        `${api.baseUrl}/auth/callback?${new URLSearchParams(query).toString()}`,
      );
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const text = await answer.text();
      expect(text).not.toContain("<script");
      expect(text).toContain(`<a href="/login">`);
    }
  });

  it("tells on a page that the provider cannot be reached", async () => {
    await useProvider();
    await configure({
      "oidc.config": stringify({ name: "Gone", issuer: "https://127.0.0.1:1", clientID: "argocd" }),
    });
    const settings = async () => (await fetch(`${api.baseUrl}/api/v1/settings`)).text();
    await expect.poll(settings, { timeout: 30_000 }).toContain("https://127.0.0.1:1");
    const answer = await new BrowserClient().fetch(`${api.baseUrl}/auth/login`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain("identity provider 127.0.0.1:1: does not answer");
  });

  it("is not there until it is set up", async () => {
    const answer = await new BrowserClient().fetch(`${api.baseUrl}/auth/login`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("set url and oidc.config or dex.config");
    expect((await fetch(`${api.baseUrl}/auth/login`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${api.baseUrl}/auth/other`)).status).toBe(404);
  });
});

describe("logging out", () => {
  it("ends the session here and goes to where the provider ends its own", async () => {
    const provider = await useProvider({
      logoutURL: "https://idp.example.com/logout?hint={{token}}&to={{logoutRedirectURL}}",
    });
    const browser = new BrowserClient();
    await logIn(browser, provider, "");
    const before = browser.cookiesFor(api.baseUrl);
    const answer = await browser.fetch(`${api.baseUrl}/auth/logout`);
    expect(answer.status).toBe(303);
    const to = new URL(answer.headers.get("location") ?? "");
    expect(`${to.origin}${to.pathname}`).toBe("https://idp.example.com/logout");
    expect(to.searchParams.get("to")).toBe(`${api.baseUrl}/`);
    expect(browser.cookiesFor(api.baseUrl)).toEqual([]);
    // Whoever kept the cookie has nothing of it.
    const kept = await fetch(`${api.baseUrl}/api/v1/session/userinfo`, {
      headers: { cookie: before.join("; ") },
    });
    expect(await kept.json()).not.toHaveProperty("loggedIn", true);
  });

  // Class: scripts in pages.
  it("is nothing that a page of another site can do", async () => {
    const provider = await useProvider();
    const browser = new BrowserClient();
    await logIn(browser, provider, "");
    for (const site of ["cross-site", "same-site"]) {
      const answer = await browser.fetch(`${api.baseUrl}/auth/logout`, {
        headers: { "sec-fetch-site": site },
      });
      expect(answer.status, `${site}`).toBe(403);
      expect(await answer.text()).toContain("the request comes from a page of another site");
    }
    expect(await session(browser)).toMatchObject({ loggedIn: true });
    expect(
      (await browser.fetch(`${api.baseUrl}/auth/logout`, { headers: { "sec-fetch-site": "none" } })).status,
    ).toBe(303);
    expect(await session(browser)).not.toHaveProperty("loggedIn", true);
  });
});

it("serves Dex's pages where dex.config says that there is one", async () => {
  const dex = createServer((request, response) => void response.end(`Dex has ${request.url}`));
  dex.listen(0, "127.0.0.1");
  await once(dex, "listening");
  onTestFinished(async () => {
    dex.closeAllConnections();
    await new Promise((resolve) => void dex.close(resolve));
  });
  const address = `http://127.0.0.1:${(dex.address() as AddressInfo).port}`;
  await using other = await startApi([], { env: { ARGOCD_SERVER_DEX_SERVER: address } });
  const page = () => fetch(`${other.baseUrl}/api/dex/auth?x=1`);
  expect((await page()).status).toBe(404);
  const ref = { type: hubTypes.configMap, namespace: "argocd", name: "argocd-cm" };
  const config = {
    url: other.baseUrl,
    "dex.config": "connectors: [{type: github, id: github, name: GitHub}]",
  };
  await other.hub.mergePatch(ref, { data: config }, options);
  await expect.poll(async () => (await page()).text(), { timeout: 30_000 }).toBe("Dex has /api/dex/auth?x=1");
});

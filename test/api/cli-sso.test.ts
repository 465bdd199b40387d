import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { IdentityProvider } from "#test/auth/identity-provider.ts";
import { startIdentityProvider } from "#test/auth/identity-provider.ts";
import { createCliPorts } from "#main/cli-ports.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
let api: RunningApi;
let address: string;

beforeAll(async () => {
  api = await startApi([]);
  address = api.baseUrl.replace("http://", "");
});

afterAll(async () => await api[Symbol.asyncDispose]());

/** A provider that the server sends people to, and that this process trusts. */
async function useProvider(): Promise<IdentityProvider> {
  const provider = await startIdentityProvider();
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, provider.ca]);
  onTestFinished(() => setDefaultCACertificates(before));
  const config = [
    "name: Test",
    `issuer: ${provider.issuer}`,
    "clientID: argocd",
    "cliClientID: argocd-cli",
    `rootCA: ${JSON.stringify(provider.ca)}`,
  ].join("\n");
  const options = { fieldManager: "test", signal };
  const ref = { type: hubTypes.configMap, namespace: "argocd", name: "argocd-cm" };
  await api.hub.mergePatch(
    ref,
    { data: { "oidc.config": config, url: "https://argocd.example.com" } },
    options,
  );
  await expect
    .poll(
      async () => (await (await fetch(`${api.baseUrl}/api/v1/settings`)).text()).includes(provider.issuer),
      {
        timeout: 30_000,
      },
    )
    .toBe(true);
  return provider;
}

async function newHome(): Promise<HomeCli> {
  return openHome(await mkdtemp(path.join(api.directory, "home-")));
}

const login = (...more: readonly string[]) => [
  "login",
  address,
  "--plaintext",
  "--sso",
  "--sso-port",
  "0",
  ...more,
];

describe("logging in with a browser", () => {
  it("comes back to this machine with a session, and renews it when it has ended", async () => {
    const provider = await useProvider();
    const cli = await newHome();
    const openBrowser = async (url: string): Promise<void> => {
      expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256");
      const back = await provider.follow(url);
      const wrong = new URL(back);
      wrong.searchParams.set("state", "of-another-page");
      // A page that guesses the address ends nobody's login.
      expect((await fetch(wrong)).status).toBe(404);
      // Nor does one that asks for what is no address.
      expect((await fetch(`${wrong.origin}//`)).status).toBe(404);
      expect(await (await fetch(back)).text()).toBe("You are logged in. Close this page.");
    };
    const done = await cli.runWith({ ports: { openBrowser } }, ...login());
    expect(done).toMatchObject({ code: 0 });
    expect(done.out).toContain("'ada@example.com' logged in successfully");
    const info = await cli.run("account", "get-user-info");
    expect(info.out).toContain("Username: ada@example.com");
    const file = `${cli.home}/.config/argocd/config`;
    const before = await readFile(file, "utf8");
    expect(before).toMatch(/refresh-token: \S+/u);
    const ended = await provider.sign({ aud: "argocd-cli", exp: 1 });
    await writeFile(file, before.replace(/auth-token: \S+/u, `auth-token: ${ended}`));
    expect((await cli.run("account", "get-user-info")).out).toContain("Logged In: true");
    const after = await readFile(file, "utf8");
    expect(after).not.toContain(ended);
    expect((await cli.run("account", "session-token")).out.trim()).toBe(
      /auth-token: (\S+)/u.exec(after)?.[1],
    );
  });

  it("prints the address where no browser can be opened, or shall be", async () => {
    const provider = await useProvider();
    const cli = await newHome();
    const printed = Promise.withResolvers<string>();
    const stderr = {
      isTTY: false,
      write: (text: string) => {
        const url = /https:\S+\/auth\?\S+/u.exec(text)?.[0];
        if (url !== undefined) printed.resolve(url);
      },
    };
    const running = cli.runWith({ ports: { stderr } }, ...login("--sso-launch-browser=false"));
    await fetch(await provider.follow(await printed.promise));
    expect((await running).code).toBe(0);
  });
});

/** Somebody who logged in with a browser, and whose session can be made to end. */
async function loggedIn(provider: IdentityProvider) {
  const cli = await newHome();
  const openBrowser = async (url: string) => void (await fetch(await provider.follow(url)));
  const { code, err } = await cli.runWith({ ports: { openBrowser } }, ...login());
  if (code !== 0) throw new Error(err);
  const file = `${cli.home}/.config/argocd/config`;
  const end = async () => {
    const ended = await provider.sign({ aud: "argocd-cli", exp: 1 });
    await writeFile(file, (await readFile(file, "utf8")).replace(/auth-token: \S+/u, `auth-token: ${ended}`));
  };
  return { cli, file, end };
}

describe("a session that has ended", () => {
  it("is renewed once for many commands at the same time, with a refresh token that is taken once", async () => {
    const provider = await useProvider();
    const { cli, file, end } = await loggedIn(provider);
    const before = provider.asked.filter((path) => path === "/token").length;
    for (const round of [1, 2]) {
      await end();
      const done = await Promise.all([1, 2, 3].map(() => cli.run("account", "get-user-info")));
      expect(done.map(({ code, out, err }) => ({ code, in: out.split("\n", 1)[0], err }))).toEqual(
        done.map(() => ({ code: 0, in: "Logged In: true", err: "" })),
      );
      expect(provider.asked.filter((path) => path === "/token")).toHaveLength(before + round);
    }
    await expect(readFile(`${file}.renewing`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is begun anew with a browser after a logout, too", async () => {
    const provider = await useProvider();
    const { cli } = await loggedIn(provider);
    expect((await cli.run("logout")).code).toBe(0);
    const openBrowser = async (url: string) => void (await fetch(await provider.follow(url)));
    const again = await cli.runWith({ ports: { openBrowser } }, "relogin", "--sso-port", "0");
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining("'ada@example.com' logged in") });
    expect((await cli.run("account", "get-user-info")).out).toContain("Logged In: true");
  });

  it("stays ended for whoever logged out while it was renewed", async () => {
    const provider = await useProvider();
    const { cli, file, end } = await loggedIn(provider);
    await end();
    const real = createCliPorts({ signal, env: {} });
    const slow = async () => {
      const sso = await real.startSso();
      return {
        ...sso,
        renew: async (...given: Parameters<typeof sso.renew>) => {
          await cli.run("logout");
          return await sso.renew(...given);
        },
      };
    };
    await cli.runWith({ ports: { startSso: slow } }, "account", "get-user-info");
    expect(await readFile(file, "utf8")).not.toMatch(/token/u);
  });

  it("sends its refresh token to no provider but the one that it was made at, whatever the server names", async () => {
    const first = await useProvider();
    const { cli, file, end } = await loggedIn(first);
    await end();
    const other = await useProvider();
    const { out, err } = await cli.run("account", "get-user-info");
    expect(err).toContain(
      `names the identity provider "${other.issuer}", and the login is of "${first.issuer}", to which alone its refresh token is sent; if the change is meant, log in again with: mooring relogin --argocd-context ${address}\n`,
    );
    expect(out).not.toContain("Logged In: true");
    expect(other.asked).not.toContain("/token");
    expect(await readFile(file, "utf8")).toMatch(/refresh-token: \S+/u);
  });
});

describe("a server without single sign-on", () => {
  it("is told of with the way in that it has", async () => {
    const plain = await startApi([]);
    onTestFinished(async () => await plain[Symbol.asyncDispose]());
    const at = plain.baseUrl.replace("http://", "");
    const { code, err } = await openHome(plain.directory).run("login", at, "--plaintext", "--sso");
    expect({ code, err }).toEqual({
      code: 11,
      err: `mooring: server ${at}: has no single sign-on\n  log in with: mooring login ${at} --username NAME\n`,
    });
  });
});

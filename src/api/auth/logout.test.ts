import { describe, expect, it } from "vitest";
import { makeJwt, sessionClaims, startAuthHub } from "#test/auth/hub.ts";
import type { AuthHub } from "#test/auth/hub.ts";

const key = "a key of more than sixteen letters";

async function startInstalled(): Promise<AuthHub> {
  const hub = await startAuthHub();
  await hub.put("ConfigMap", "argocd-cm", {
    "accounts.alice": "login, apiKey",
    "admin.enabled": "false",
    url: "https://argocd.example.com",
  });
  await hub.put("Secret", "argocd-secret", {
    "server.secretkey": key,
    "accounts.alice.tokens": JSON.stringify([{ id: "deploy", iat: 1_700_000_000 }]),
  });
  return hub;
}

const refused = expect.objectContaining({
  code: "API_UNAUTHENTICATED",
  message: expect.stringContaining("was ended") as string,
});

describe("logging out", () => {
  it("ends a session for every replica, also for one that starts later", async () => {
    const hub = await startInstalled();
    const [here, there] = [await hub.startServer(), await hub.startServer()];
    const token = makeJwt(sessionClaims(hub.clock.now()), key);
    const another = makeJwt(sessionClaims(hub.clock.now()), key);
    expect(await there.authenticate({ token })).toMatchObject({ username: "alice" });
    const cookie = `argocd.token=${token}; argocd.token-1=x; other=1`;
    expect(await here.logout({ cookie })).toEqual({
      redirectTo: "https://argocd.example.com/",
      cookies: ["argocd.token", "argocd.token-1", "mooring.userinfo"].map(
        (name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure`,
      ),
    });
    await expect(here.authenticate({ token })).rejects.toEqual(refused);
    expect(await here.userInfo({ token })).toEqual({ loggedIn: false, username: "", iss: "", groups: [] });
    expect(await here.userInfo({ token: another })).toMatchObject({
      loggedIn: true,
      username: "alice",
      iss: "argocd",
    });
    await expect
      .poll(async () => await there.authenticate({ token }).catch((error: unknown) => error))
      .toEqual(refused);
    const later = await hub.startServer();
    await expect(later.authenticate({ token })).rejects.toEqual(refused);
    expect(await later.authenticate({ token: another })).toMatchObject({ username: "alice" });
  });

  it("ends what continued the session, and what it continues", async () => {
    const hub = await startInstalled();
    const server = await hub.startServer();
    const old = makeJwt(sessionClaims(hub.clock.now() - 3_600_000 + 200_000, {}), key);
    const claims = JSON.parse(Buffer.from(old.split(".")[1] ?? "", "base64url").toString()) as {
      iat: number;
    };
    const token = makeJwt({ ...claims, exp: claims.iat + 3_600 }, key);
    const renewals = await Promise.all([1, 2].map(async () => await server.authenticate({ token })));
    const [first = "", second = ""] = renewals.map((each) =>
      each.kind === "local" ? each.renewedToken : "",
    );
    expect(first).not.toBe(second);
    await server.logout({ token: second });
    for (const each of [token, first, second]) {
      await expect(server.authenticate({ token: each })).rejects.toEqual(refused);
    }
  });

  it("leaves API tokens, and removes a broken one from the browser alone", async () => {
    const hub = await startInstalled();
    const server = await hub.startServer();
    const token = makeJwt({ iss: "argocd", sub: "alice:apiKey", jti: "deploy", iat: 1_700_000_000 }, key);
    await server.logout({ token });
    expect(await server.authenticate({ token })).toMatchObject({ username: "alice" });
    expect((await server.logout({ cookie: "argocd.token=a.b.c" })).cookies[0]).toContain("Max-Age=0");
    expect(await hub.secret("mooring-revoked-tokens")).toEqual({});
  });

  it("keeps the ended sessions of all replicas that end some at the same time, and no token of them", async () => {
    const hub = await startInstalled();
    const servers = await Promise.all([1, 2, 3].map(async () => await hub.startServer()));
    const tokens = Array.from({ length: 9 }, () => makeJwt(sessionClaims(hub.clock.now()), key));
    await Promise.all(tokens.map(async (token, index) => await servers[index % 3]?.logout({ token })));
    const later = await hub.startServer();
    for (const token of tokens) await expect(later.authenticate({ token })).rejects.toEqual(refused);
    const { revoked = "" } = await hub.secret("mooring-revoked-tokens");
    expect(Object.keys((JSON.parse(revoked) as { sessions: object }).sessions)).toHaveLength(9);
    for (const token of tokens) {
      const { jti } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
        jti: string;
      };
      expect(revoked).not.toContain(jti);
    }
  });

  it("forgets ended sessions when their tokens could not be accepted any more", async () => {
    const hub = await startInstalled();
    const server = await hub.startServer();
    await server.logout({ token: makeJwt(sessionClaims(hub.clock.now()), key) });
    hub.clock.offsetMs += 25 * 3_600_000;
    await server.logout({ token: makeJwt(sessionClaims(hub.clock.now()), key) });
    const { revoked = "" } = await hub.secret("mooring-revoked-tokens");
    expect(Object.keys((JSON.parse(revoked) as { sessions: object }).sessions)).toHaveLength(1);
  });

  it("still refuses what was ended here when somebody deletes or breaks the Secret", async () => {
    const hub = await startInstalled();
    const server = await hub.startServer();
    const token = makeJwt(sessionClaims(hub.clock.now()), key);
    await server.logout({ token });
    await hub.put("Secret", "mooring-revoked-tokens", { revoked: "{" });
    await expect
      .poll(() => hub.logged.join("\n"))
      .toContain("mooring-revoked-tokens: revoked is not what the server wrote");
    await expect(server.authenticate({ token })).rejects.toEqual(refused);
    await server.logout({ token: makeJwt(sessionClaims(hub.clock.now()), key) });
    await expect((await hub.startServer()).authenticate({ token })).rejects.toEqual(refused);
  });
});

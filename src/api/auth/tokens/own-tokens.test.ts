import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { AuthHub } from "#test/auth/hub.ts";
import { makeJwt, sessionClaims, startAuthHub } from "#test/auth/hub.ts";
import type { Authenticator } from "../index.ts";

const key = "Nt3vGmVQ1wUQ0mRUcmW8p0cmd4mVbC1m2QxXyYl5Eqw=";
const tokenId = "11111111-2222-3333-4444-555555555555";

const project: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "shop" },
  spec: { roles: [{ name: "ci", jwtTokens: [{ iat: 1_700_000_000 }] }, { name: "idle" }] },
  status: {
    jwtTokensByRole: {
      ci: { items: [{ iat: 1_700_000_100, id: tokenId }] },
      gone: { items: [{ iat: 1, id: tokenId }] },
    },
  },
};

async function startInstalled(
  more: Readonly<Record<string, string>> = {},
): Promise<{ hub: AuthHub; server: Authenticator }> {
  const hub = await startAuthHub();
  await hub.put("ConfigMap", "argocd-cm", {
    "accounts.alice": "login, apiKey",
    "accounts.robot": "apiKey",
    "accounts.former": "login",
    "accounts.former.enabled": "false",
    "admin.enabled": "false",
    ...more,
  });
  await hub.put("Secret", "argocd-secret", {
    "server.secretkey": key,
    "accounts.robot.tokens": JSON.stringify([
      { id: tokenId, iat: 1_700_000_000 },
      { id: "past", iat: 1, exp: 2 },
    ]),
    "accounts.alice.passwordMtime": "2026-01-02T03:04:05Z",
  });
  const server = await hub.startServer({
    readProject: async (name) => (name === "shop" ? project : undefined),
  });
  return { hub, server };
}

const refused = expect.objectContaining({ code: "API_UNAUTHENTICATED" });

describe("tokens of the server's own", () => {
  it("accepts those that an installed Argo CD made", async () => {
    const { hub, server } = await startInstalled();
    const now = hub.clock.now();
    const session = makeJwt(sessionClaims(now), key);
    expect(await server.authenticate({ token: session })).toMatchObject({
      kind: "local",
      username: "alice",
      subject: "alice",
      issuer: "argocd",
      carrier: "metadata",
      claims: { sub: "alice" },
      sessionExpiresAtMs: (Math.floor(now / 1_000) + 86_400) * 1_000,
    });
    const robot = {
      iss: "argocd",
      sub: "robot:apiKey",
      jti: tokenId,
      iat: 1_700_000_000,
      nbf: 1_700_000_000,
    };
    expect(await server.authenticate({ authorization: `Bearer ${makeJwt(robot, key)}` })).toMatchObject({
      username: "robot",
      carrier: "bearer",
      sessionExpiresAtMs: undefined,
    });
    const role = { iss: "argocd", sub: "proj:shop:ci", jti: tokenId, iat: 1_700_000_100, nbf: 1_700_000_100 };
    expect(await server.authenticate({ token: makeJwt(role, key) })).toMatchObject({
      kind: "project",
      project: "shop",
      role: "ci",
      subject: "proj:shop:ci",
    });
    const { jti: _none, ...withoutId } = { ...role, iat: 1_700_000_000 };
    expect(await server.authenticate({ token: makeJwt(withoutId, key) })).toMatchObject({ kind: "project" });
  });

  // Class: tokens.
  it("refuses everything about which something is not in order", async () => {
    const { hub, server } = await startInstalled();
    const now = Math.floor(hub.clock.now() / 1_000);
    const session = (more: JsonObject) => makeJwt(sessionClaims(hub.clock.now(), more), key);
    const [head = "", body = "", signature = ""] = session({}).split(".");
    const forged = Buffer.from(JSON.stringify(sessionClaims(hub.clock.now(), { sub: "admin:login" })));
    const tokens = {
      "another key": makeJwt(sessionClaims(hub.clock.now()), `${key} `),
      "no algorithm": makeJwt(sessionClaims(hub.clock.now()), key, { alg: "none" }),
      "no algorithm and no signature": `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
      "another algorithm named": makeJwt(sessionClaims(hub.clock.now()), key, { alg: "HS512" }),
      "another body": `${head}.${forged.toString("base64url")}.${signature}`,
      "a critical header that nobody knows": makeJwt(sessionClaims(hub.clock.now()), key, {
        alg: "HS256",
        crit: ["x"],
        x: 1,
      }),
      expired: session({ exp: now - 60 }),
      "not valid yet": session({ nbf: now + 60 }),
      "no time": session({ iat: null }),
      "a time that is none": session({ iat: "yesterday" }),
      "no id": session({ jti: "" }),
      "no such account": session({ sub: "nobody:login" }),
      "an account without capability": session({ sub: "robot:login", jti: tokenId }),
      "a disabled account": session({ sub: "former:login" }),
      "the disabled admin": session({ sub: "admin:login" }),
      "a token that is not listed": session({ sub: "robot:apiKey" }),
      "a token whose entry expired": session({ sub: "robot:apiKey", jti: "past" }),
      "an API token's id as session": session({ sub: "robot", jti: tokenId }),
      "a capability that is none": session({ sub: "alice:admin" }),
      "more than a capability": session({ sub: "alice:login:admin" }),
      "older than the password": session({ iat: Date.parse("2026-01-02T03:04:04Z") / 1_000 }),
      "no such project": session({ sub: "proj:other:ci", jti: tokenId }),
      "a role that was deleted": session({ sub: "proj:shop:gone", jti: tokenId }),
      "a role's token that was deleted": session({ sub: "proj:shop:idle", jti: tokenId }),
      "an unknown id of a role, issued with one that is there": session({
        sub: "proj:shop:ci",
        iat: 1_700_000_000,
      }),
      "another issuer": session({ iss: "https://elsewhere.example.com" }),
      "no issuer": session({ iss: null }),
      "no JWT": "hello",
      "too long": `${head}.${"a".repeat(100_000)}.${signature}`,
    };
    const reasons: Record<string, string> = {};
    for (const [name, token] of Object.entries(tokens)) {
      const error = await server.authenticate({ token }).catch((thrown: unknown) => thrown);
      expect({ name, error }).toEqual({ name, error: refused });
      reasons[name] = (error as Error).message.replace("; log in again or use another token", "");
      expect(hub.logged.join("\n")).not.toContain(token);
    }
    expect(reasons).toMatchInlineSnapshot(`
      {
        "a capability that is none": "the token's sub is not <account>:login, <account>:apiKey or proj:<project>:<role>",
        "a critical header that nobody knows": "the token is not signed as it must be",
        "a disabled account": "account former is disabled",
        "a role that was deleted": "role gone does not exist",
        "a role's token that was deleted": "role idle has no such token",
        "a time that is none": "the token's iat is not what it must be",
        "a token that is not listed": "account robot has no such token any more",
        "a token whose entry expired": "account robot has no such token any more",
        "an API token's id as session": "the token's sub is not <account>:login, <account>:apiKey or proj:<project>:<role>",
        "an account without capability": "account robot has not the capability login",
        "an unknown id of a role, issued with one that is there": "role ci has no such token",
        "another algorithm named": "the token is not signed as it must be",
        "another body": "the token is not signed as it must be",
        "another issuer": "the token's issuer is neither this server nor the provider of oidc.config or dex.config",
        "another key": "the token is not signed as it must be",
        "expired": "the session expired",
        "more than a capability": "the token's sub is not <account>:login, <account>:apiKey or proj:<project>:<role>",
        "no JWT": "the token is no JWT",
        "no algorithm": "the token is not signed as it must be",
        "no algorithm and no signature": "the token is not signed as it must be",
        "no id": "the token has no jti, so it cannot be told from others",
        "no issuer": "the token's issuer is neither this server nor the provider of oidc.config or dex.config",
        "no such account": "the token's account does not exist",
        "no such project": "the token's project does not exist",
        "no time": "the token's iat is not what it must be",
        "not valid yet": "the token's nbf is not what it must be",
        "older than the password": "the password of account alice was changed after the token was made",
        "the disabled admin": "account admin is disabled",
        "too long": "the token is longer than 98304 letters, so it is not read; log in again",
      }
    `);
  });

  // CVE-2022-29165 and the confusion of algorithms: what checks a token must not be chosen by the token.
  it("does not take the public half of a key for the secret, nor a signature for a MAC", async () => {
    const { hub, server } = await startInstalled();
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(sessionClaims(hub.clock.now(), { sub: "admin:login" }))}`;
    const signature = createSign("sha256").update(signed).sign(privateKey, "base64url");
    await expect(server.authenticate({ token: `${signed}.${signature}` })).rejects.toEqual(refused);
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const mac = makeJwt(sessionClaims(hub.clock.now(), { sub: "admin:login" }), pem);
    await expect(server.authenticate({ token: mac })).rejects.toEqual(refused);
  });

  // Class: tokens.
  it("never passes a bad token off as anonymous, and gives anonymous nothing of a token", async () => {
    const { hub, server } = await startInstalled({ "users.anonymous.enabled": "true" });
    expect(await server.authenticate({})).toMatchObject({
      kind: "anonymous",
      username: "",
      claims: {},
      groups: [],
    });
    const forged = makeJwt(
      sessionClaims(hub.clock.now(), { sub: "admin:login", groups: ["admins"] }),
      "guess",
    );
    for (const credentials of [
      { token: forged },
      { authorization: `Bearer ${forged}` },
      { cookie: `argocd.token=${forged}` },
    ]) {
      await expect(server.authenticate(credentials)).rejects.toEqual(refused);
    }
  });

  it("is not anonymous unless that was switched on", async () => {
    const { server } = await startInstalled();
    await expect(server.authenticate({})).rejects.toEqual(refused);
    await expect(server.authenticate({ authorization: "Basic YTpi", cookie: "a=b" })).rejects.toEqual(
      refused,
    );
  });

  it("takes the token of the metadata before the header's and the cookie's, and passes over what a proxy sends", async () => {
    const { hub, server } = await startInstalled();
    const token = makeJwt(sessionClaims(hub.clock.now()), key);
    const other = makeJwt(sessionClaims(hub.clock.now(), { sub: "nobody:login" }), key);
    const carrierOf = async (credentials: Parameters<Authenticator["authenticate"]>[0]) =>
      (await server.authenticate(credentials)).carrier;
    expect(
      await carrierOf({ token, authorization: `Bearer ${other}`, cookie: `argocd.token=${other}` }),
    ).toBe("metadata");
    expect(await carrierOf({ authorization: `bearer ${token}`, cookie: `argocd.token=${other}` })).toBe(
      "bearer",
    );
    expect(await carrierOf({ authorization: "Bearer opaque", cookie: `x=1; argocd.token=${token}` })).toBe(
      "cookie",
    );
    const cut = Math.floor(token.length / 2);
    const chunks = `argocd.token-1=${token.slice(cut)}; argocd.token=2:${token.slice(0, cut)}`;
    expect(await carrierOf({ cookie: chunks })).toBe("cookie");
    await expect(carrierOf({ cookie: chunks.replace("2:", "3:") })).rejects.toEqual(refused);
  });

  it("renews a session shortly before its end, for as long as it was", async () => {
    const { hub, server } = await startInstalled();
    const begun = sessionClaims(hub.clock.now() - 3_600_000 + 240_000);
    const token = makeJwt({ ...begun, exp: Number(begun["iat"]) + 3_600 }, key);
    const identity = await server.authenticate({ cookie: `argocd.token=${token}` });
    const renewed = identity.kind === "local" ? (identity.renewedToken ?? "") : "";
    const next = await server.authenticate({ cookie: `argocd.token=${renewed}` });
    expect(next).toMatchObject({ kind: "local", username: "alice" });
    expect(Number(next.sessionExpiresAtMs) - Number(next.issuedAtMs)).toBe(3_600_000);
    expect(next).not.toHaveProperty("renewedToken");
    expect(next.claims["jti"]).not.toBe(begun["jti"]);
  });

  it("follows accounts as they are changed", async () => {
    const { hub, server } = await startInstalled();
    const token = makeJwt(sessionClaims(hub.clock.now()), key);
    await server.authenticate({ token });
    await hub.put("ConfigMap", "argocd-cm", { "accounts.alice": "apiKey", "admin.enabled": "false" });
    await expect
      .poll(async () => await server.authenticate({ token }).catch((error: unknown) => error))
      .toMatchObject({
        message: "account alice has not the capability login; log in again or use another token",
      });
  });
});

import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { startAuthHub } from "#test/auth/hub.ts";
import { clientSecret, serverUrl, startIdentityProvider } from "#test/auth/identity-provider.ts";
import { cookiesOf, logIn, refused, startWith } from "#test/auth/sso.ts";

describe("logging in at an identity provider", () => {
  it("brings a browser there and back with a session", async () => {
    const provider = await startIdentityProvider();
    const { hub, server } = await startWith(provider);
    const begun = await server.beginSsoLogin({ returnUrl: `${serverUrl}/applications?proj=shop` });
    const query = new URL(begun.redirectTo).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: "argocd",
      response_type: "code",
      redirect_uri: `${serverUrl}/auth/callback`,
      scope: "openid profile email groups",
      code_challenge_method: "S256",
    });
    expect(begun.cookies[0]).toMatch(
      /^argocd\.oauthstate=\S+; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax; Secure$/u,
    );
    const back = await provider.follow(begun.redirectTo);
    const done = await server.finishSsoLogin({ query: back.search, cookie: cookiesOf(begun.cookies) });
    expect(done.redirectTo).toBe(`${serverUrl}/applications?proj=shop`);
    const cookie = cookiesOf(done.cookies);
    expect(await server.authenticate({ cookie })).toMatchObject({
      kind: "oidc",
      username: "ada@example.com",
      subject: "ada",
      issuer: provider.issuer,
      groups: ["team-a", "team-b"],
      carrier: "cookie",
    });
    const text = hub.logged.join("\n");
    for (const secret of [clientSecret, back.searchParams.get("code") ?? "", cookie])
      expect(text).not.toContain(secret);
    expect(begun.redirectTo + begun.cookies.join("")).not.toContain(clientSecret);
  });

  it("ends only what this browser began, once and in time", async () => {
    const provider = await startIdentityProvider();
    const { hub, server } = await startWith(provider);
    const [mine, others] = [
      await server.beginSsoLogin({ returnUrl: "" }),
      await server.beginSsoLogin({ returnUrl: "" }),
    ];
    const back = await provider.follow(mine.redirectTo);
    const cookie = cookiesOf(mine.cookies);
    for (const wrong of [
      cookiesOf(others.cookies),
      undefined,
      "argocd.oauthstate=AAAA",
      `${cookie.slice(0, -3)}AAA`,
    ]) {
      await expect(server.finishSsoLogin({ query: back.search, cookie: wrong })).rejects.toEqual(refused);
    }
    hub.clock.offsetMs += 301_000;
    await expect(server.finishSsoLogin({ query: back.search, cookie })).rejects.toEqual(refused);
    hub.clock.offsetMs = 0;
    expect((await server.finishSsoLogin({ query: back.search, cookie })).redirectTo).toBe(`${serverUrl}/`);
    const again = await server
      .finishSsoLogin({ query: back.search, cookie })
      .catch((error: unknown) => error);
    expect(again).toMatchObject({ code: expect.stringMatching(/^API_/u) as string });
  });

  // Class: scripts in pages.
  it("does not repeat what somebody wrote into the address of the callback", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider);
    const begun = await server.beginSsoLogin({ returnUrl: undefined });
    const state = new URL(begun.redirectTo).searchParams.get("state") ?? "";
    const query = new URLSearchParams({
      error: "access_denied",
      error_description: "<script>",
      state,
      iss: provider.issuer,
    });
    const cookie = cookiesOf(begun.cookies);
    await expect(server.finishSsoLogin({ query: query.toString(), cookie })).rejects.toMatchObject({
      code: "API_UNAUTHENTICATED",
      message: `identity provider ${provider.issuer} refused the login with access_denied; log in again or use another token`,
    });
    query.set("error", "<b>click here</b>");
    await expect(server.finishSsoLogin({ query: query.toString(), cookie })).rejects.toMatchObject({
      message: `identity provider ${provider.issuer} refused the login with an error; log in again or use another token`,
    });
  });

  it("asks for scopes and claims that are set, and comes back to the address where it began", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider, {
      oidc: {
        requestedScopes: ["openid", "email"],
        requestedIDTokenClaims: { groups: { essential: true } },
        domainHint: "example.com",
      },
      cm: { additionalUrls: "- https://other.example.com/argo\n" },
    });
    const begun = await server.beginSsoLogin({ returnUrl: "/argo/x", origin: "https://other.example.com" });
    expect(Object.fromEntries(new URL(begun.redirectTo).searchParams)).toMatchObject({
      redirect_uri: "https://other.example.com/argo/auth/callback",
      scope: "openid email",
      claims: '{"id_token":{"groups":{"essential":true}}}',
      domain_hint: "example.com",
    });
  });

  it("takes the client's secret from another Secret that belongs to the installation, and from no other", async () => {
    const provider = await startIdentityProvider();
    const { hub, server } = await startWith(provider, { oidc: { clientSecret: "$sso:secret" } });
    await hub.put("Secret", "sso", { secret: clientSecret });
    await expect
      .poll(() => hub.logged.join("\n"))
      .toContain("clientSecret begins with $ and refers to no value");
    await expect(logIn(server, provider)).rejects.toMatchObject({ code: "API_SSO_INVALID" });
    const labels = { "app.kubernetes.io/part-of": "argocd" };
    await hub.put("Secret", { name: "sso", labels }, { secret: clientSecret });
    const own = await hub.secret("argocd-secret");
    await hub.put("Secret", { name: "argocd-secret", labels }, own);
    await expect
      .poll(async () => (await logIn(server, provider).catch((error: unknown) => error)) as object, {
        timeout: 10_000,
      })
      .toMatchObject({ identity: { subject: "ada" } });
    // What loses the label still is what the server goes by.
    await hub.put("Secret", "argocd-secret", own);
    await hub.put("Secret", "sso", { secret: clientSecret });
    await expect.poll(() => hub.logged.filter((line) => line.includes("refers to no value")).length).toBe(2);
    expect(server.settings.signingKey).toBeDefined();
  });

  it("says that nobody can where no provider is set", async () => {
    const hub = await startAuthHub();
    const server = await hub.startServer();
    await expect(server.beginSsoLogin({ returnUrl: undefined })).rejects.toMatchObject({
      code: "API_INVALID_ARGUMENT",
    });
  });
});

describe("tokens of an identity provider", () => {
  it("are accepted from the command line, for the clients that the settings name", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider);
    const claims = { email: "ada@example.com", groups: ["team-a"] };
    for (const aud of ["argocd", "argocd-cli", ["x", "argocd-cli"]]) {
      const token = await provider.sign({ ...claims, aud });
      expect(await server.authenticate({ token })).toMatchObject({
        kind: "oidc",
        username: "ada@example.com",
        groups: ["team-a"],
      });
    }
    const dex = await provider.sign({ sub: "CgNhZGE", federated_claims: { user_id: "ada-at-dex" } });
    expect(await server.authenticate({ token: dex })).toMatchObject({
      subject: "ada-at-dex",
      username: "ada-at-dex",
    });
  });

  // CVE-2023-22482: a token that the provider made for somebody else was accepted.
  // Class: tokens.
  it("are refused when they are for somebody else or not in order", async () => {
    const provider = await startIdentityProvider();
    const { hub, server } = await startWith(provider);
    const now = Math.floor(hub.clock.now() / 1_000);
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const pem = provider.publicKey.export({ type: "spki", format: "pem" }).toString();
    const [head = "", body = "", signature = ""] = (await provider.sign({})).split(".");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`;
    const admin = Buffer.from(
      JSON.stringify({ iss: provider.issuer, aud: "argocd", sub: "admin", iat: now, exp: now + 60 }),
    );
    const tokens = {
      "for another client": await provider.sign({ aud: "somebody-else" }),
      "for nobody": await provider.sign({ aud: undefined }),
      expired: await provider.sign({ exp: now - 60 }),
      "never expiring": await provider.sign({ exp: undefined }),
      "not valid yet": await provider.sign({ nbf: now + 60 }),
      "of nobody": await provider.sign({ sub: undefined }),
      "of no text": await provider.sign({ sub: null }),
      "another issuer": await provider.sign({ iss: `${provider.issuer}/` }),
      "a stranger's key": await provider.sign({}, { alg: "RS256", kid: "first" }, stranger),
      "a key that the provider has not": await provider.sign({}, { alg: "RS256", kid: "second" }, stranger),
      "the public key as secret": await provider.sign({}, { alg: "HS256", kid: "first" }, Buffer.from(pem)),
      "no signature": unsigned,
      "another body": `${head}.${admin.toString("base64url")}.${signature}`,
      "an issuer of the server's own": await provider.sign({ iss: "argocd", sub: "admin:login" }),
    };
    const reasons: Record<string, string> = {};
    for (const [name, token] of Object.entries(tokens)) {
      const error = await server.authenticate({ token }).catch((thrown: unknown) => thrown);
      expect({ name, error }).toEqual({ name, error: refused });
      reasons[name] = (error as Error).message.replace("; log in again or use another token", "");
    }
    expect(reasons).toMatchInlineSnapshot(`
      {
        "a key that the provider has not": "the token is not signed as it must be",
        "a stranger's key": "the token is not signed as it must be",
        "an issuer of the server's own": "the token is not signed as it must be",
        "another body": "the token is not signed as it must be",
        "another issuer": "the token's issuer is neither this server nor the provider of oidc.config or dex.config",
        "expired": "the session expired",
        "for another client": "the token's aud is not what it must be",
        "for nobody": "the token's aud is not what it must be",
        "never expiring": "the token's exp is not what it must be",
        "no signature": "the token is not signed as it must be",
        "not valid yet": "the token's nbf is not what it must be",
        "of no text": "the token's sub is empty",
        "of nobody": "the token's sub is not what it must be",
        "the public key as secret": "the token is not signed as it must be",
      }
    `);
  });

  it("may be for nobody or for others only where the settings say so", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider, {
      oidc: { allowedAudiences: ["argocd", "ours"], skipAudienceCheckWhenTokenHasNoAudience: true },
    });
    const subjectOf = async (claims: JsonObject) =>
      (await server.authenticate({ token: await provider.sign(claims) })).subject;
    expect(await subjectOf({ aud: "ours" })).toBe("ada");
    expect(await subjectOf({ aud: undefined })).toBe("ada");
    await expect(subjectOf({ aud: "argocd-cli" })).rejects.toEqual(refused);
  });

  it("make the server ask for keys once, however many come with a key that is not known", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider);
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const flood = Array.from(
      { length: 20 },
      async (_, n) => await provider.sign({}, { alg: "RS256", kid: `made-up-${n}` }, stranger),
    );
    for (const token of flood)
      await expect(server.authenticate({ token: await token })).rejects.toEqual(refused);
    expect(provider.asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });

  it("end with a logout, whatever the signature is written like, and the browser goes on to the provider", async () => {
    const provider = await startIdentityProvider();
    const { server } = await startWith(provider, {
      oidc: { logoutURL: "https://idp.example.com/bye?id_token_hint={{token}}&to={{logoutRedirectURL}}" },
    });
    const done = await logIn(server, provider);
    const cookie = cookiesOf(done.cookies);
    const token = /argocd\.token=([^;]+)/u.exec(cookie)?.[1] ?? "";
    expect((await server.logout({ cookie })).redirectTo).toBe(
      `https://idp.example.com/bye?id_token_hint=${token}&to=${encodeURIComponent(`${serverUrl}/`)}`,
    );
    await expect(server.authenticate({ cookie })).rejects.toEqual(refused);
    // The last letter of a signature of 256 bytes has two bits that mean nothing.
    const last = token.at(-1) ?? "";
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const sibling = token.slice(0, -1) + (letters[letters.indexOf(last) ^ 1] ?? "");
    await expect(server.authenticate({ token: sibling })).rejects.toMatchObject({
      message: "the session was ended; log in again or use another token",
    });
  });
});

describe("groups from userinfo", () => {
  const oidc = { enableUserInfoGroups: true, userInfoPath: "/me", userInfoCacheExpiration: "5m" };

  it("are asked for with the session's access token, which only the browser keeps", async () => {
    const provider = await startIdentityProvider({ groupsInToken: false });
    const { hub, server } = await startWith(provider, { oidc });
    const done = await logIn(server, provider);
    expect(done.identity).toMatchObject({ groups: ["team-a", "team-b"] });
    const cookie = cookiesOf(done.cookies);
    const restarted = await hub.startServer();
    expect(await restarted.authenticate({ cookie })).toMatchObject({
      groups: ["team-a", "team-b"],
      claims: { groups: ["team-a", "team-b"] },
    });
    provider.ada.groups = ["team-c"];
    expect(await restarted.authenticate({ cookie })).toMatchObject({ groups: ["team-a", "team-b"] });
    hub.clock.offsetMs += 301_000;
    expect(await restarted.authenticate({ cookie })).toMatchObject({ groups: ["team-c"] });
    const text = JSON.stringify([hub.logged, done.identity]);
    expect(text).not.toContain(/argocd\.token=([^;]+)/u.exec(cookie)?.[1] ?? "none");
  });

  it("refuse a session for which they cannot be asked, and one of somebody else", async () => {
    const provider = await startIdentityProvider({ groupsInToken: false });
    const { hub, server } = await startWith(provider, { oidc });
    const cookie = cookiesOf((await logIn(server, provider)).cookies);
    const restarted = await hub.startServer();
    const mallory = await provider.sign({ sub: "mallory", groups: ["admins"] });
    await expect(restarted.authenticate({ token: mallory })).rejects.toEqual(refused);
    await expect(restarted.authenticate({ token: mallory, cookie })).rejects.toEqual(refused);
    await expect(server.authenticate({ token: mallory, cookie })).rejects.toEqual(refused);
    // The command line of who logged in in a browser of this replica.
    expect(await server.authenticate({ token: await provider.sign({}) })).toMatchObject({
      groups: ["team-a", "team-b"],
    });
  });
});

import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { startAuthHub } from "#test/auth/hub.ts";
import { serverUrl, startHostileProvider } from "#test/auth/identity-provider.ts";
import { refused, startWith } from "#test/auth/sso.ts";

describe("the Dex beside the server", () => {
  it("is asked at its own address for what stands under /api/dex of the server's", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const issuer = `${serverUrl}/api/dex`;
    const documents: Readonly<Record<string, JsonObject>> = {
      "/api/dex/.well-known/openid-configuration": {
        issuer,
        jwks_uri: `${issuer}/keys`,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        id_token_signing_alg_values_supported: ["ES256"],
      },
      "/api/dex/keys": {
        keys: [{ ...publicKey.export({ format: "jwk" }), kid: "dex", alg: "ES256", use: "sig" }],
      } as JsonObject,
    };
    const dex = await startHostileProvider((path, _issuer, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(documents[path]));
    });
    const hub = await startAuthHub();
    await hub.put("ConfigMap", "argocd-cm", {
      url: serverUrl,
      "admin.enabled": "false",
      "dex.config": "connectors: [{type: github, id: github, name: GitHub}]",
      "oidc.tls.insecure.skip.verify": "true",
    });
    const server = await hub.startServer({ dexServer: dex.issuer });
    const now = Math.floor(hub.clock.now() / 1_000);
    const sign = async (aud: string) =>
      await new SignJWT({
        iss: issuer,
        aud,
        sub: "CgNhZGE",
        iat: now,
        exp: now + 60,
        federated_claims: { user_id: "ada" },
      })
        .setProtectedHeader({ alg: "ES256", kid: "dex" })
        .sign(privateKey);
    for (const client of ["argo-cd", "argo-cd-cli"]) {
      expect(await server.authenticate({ token: await sign(client) })).toMatchObject({
        kind: "oidc",
        subject: "ada",
      });
    }
    await expect(server.authenticate({ token: await sign("another") })).rejects.toEqual(refused);
    const begun = await server.beginSsoLogin({ returnUrl: undefined });
    expect(begun.redirectTo).toMatch(new RegExp(`^${issuer}/auth\\?`, "u"));
    expect(new URL(begun.redirectTo).searchParams.get("scope")).toBe(
      "openid profile email groups federated:id",
    );
    const without = await hub.startServer();
    await expect(without.authenticate({ token: await sign("argo-cd") })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("ARGOCD_SERVER_DEX_SERVER") as string,
    });
  });
});

describe("a provider that is not as it should be", () => {
  const token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ";

  const errorOf = async (answer: Parameters<typeof startHostileProvider>[0], more?: JsonObject) => {
    const provider = await startHostileProvider(answer);
    const { server } = await startWith(provider, more === undefined ? {} : { oidc: more });
    const body = Buffer.from(JSON.stringify({ iss: provider.issuer })).toString("base64url");
    const error = await server
      .authenticate({ token: `${token}.${body}.AAAA` })
      .catch((thrown: unknown) => thrown);
    return (
      (error as { code: string; message: string }) && {
        ...(error as object),
        message: (error as Error).message.replaceAll(provider.issuer.replace("https://", ""), "HOST"),
      }
    );
  };
  const metadata = (issuer: string, more: JsonObject = {}) =>
    JSON.stringify({
      issuer,
      jwks_uri: `${issuer}/keys`,
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: `${issuer}/t`,
      ...more,
    });
  const json = { "content-type": "application/json" };

  it("is not read beyond a limit", async () => {
    const huge = await errorOf((path, issuer, response) => {
      response.writeHead(200, json);
      if (path !== "/keys") return void response.end(metadata(issuer));
      response.end("x".repeat(2 * 1024 * 1024));
    });
    expect(huge).toMatchObject({
      code: "API_SSO_INVALID",
      message:
        "identity provider HOST: the answer at /keys has more than 1048576 bytes; correct issuer of oidc.config",
    });
  });

  it("is not followed to other places or to where nothing is encrypted", async () => {
    const redirect = await errorOf(
      (_path, _issuer, response) =>
        void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    );
    expect(redirect).toMatchObject({ code: "API_SSO_INVALID" });
    const plain = await errorOf((_path, issuer, response) => {
      response.writeHead(200, json).end(metadata(issuer, { jwks_uri: "http://localhost:1/keys" }));
    });
    expect(plain).toMatchObject({
      code: "API_SSO_INVALID",
      message: expect.stringContaining("jwks_uri of its configuration is no https URL") as string,
    });
  });

  it("is named when it answers for another issuer, fails, or is not trusted", async () => {
    const other = await errorOf((_path, _issuer, response) => {
      response.writeHead(200, json).end(metadata("https://elsewhere.example.com"));
    });
    expect(other).toMatchObject({ code: "API_SSO_INVALID" });
    const failing = await errorOf((path, issuer, response) => {
      if (path === "/keys") return void response.writeHead(500).end();
      response.writeHead(200, json).end(metadata(issuer));
    });
    expect(failing).toMatchObject({
      code: "API_SSO_UNREACHABLE",
      message: expect.stringContaining("status 500 where its keys are") as string,
    });
    const untrusted = await errorOf(
      (_path, issuer, response) => void response.writeHead(200, json).end(metadata(issuer)),
      { rootCA: "" },
    );
    expect(untrusted).toMatchObject({
      code: "API_SSO_UNREACHABLE",
      message: expect.stringContaining("check issuer and rootCA") as string,
    });
  });

  it("is asked again after a while, not for every request", async () => {
    const provider = await startHostileProvider(
      (_path, _issuer, response) => void response.writeHead(500).end(),
    );
    const { hub, server } = await startWith(provider);
    const body = Buffer.from(JSON.stringify({ iss: provider.issuer })).toString("base64url");
    for (let n = 0; n < 10; n += 1) {
      await expect(server.authenticate({ token: `${token}.${body}.AAAA` })).rejects.toMatchObject({
        code: "API_SSO_INVALID",
      });
    }
    expect(provider.asked).toHaveLength(1);
    hub.clock.offsetMs += 6_000;
    await expect(server.authenticate({ token: `${token}.${body}.AAAA` })).rejects.toMatchObject({
      code: "API_SSO_INVALID",
    });
    expect(provider.asked).toHaveLength(2);
  });
});

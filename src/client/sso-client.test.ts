import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createSsoClient } from "./sso-client.ts";

const { signal } = new AbortController();

/** A provider without TLS, that names a token endpoint; the paths that it was asked for. */
async function startProvider(tokenEndpoint: (port: number) => string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host?.split(":", 1)[0]} ${request.url}`);
    const { port } = server.address() as AddressInfo;
    const issuer = `http://${request.headers.host}`;
    const isToken = request.url === "/token";
    response.setHeader("content-type", "application/json");
    response.writeHead(isToken ? 400 : 200);
    response.end(
      JSON.stringify(
        isToken
          ? { error: "invalid_grant" }
          : { issuer, token_endpoint: tokenEndpoint(port), jwks_uri: issuer },
      ),
    );
  });
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const renew = async (host: string) =>
    await createSsoClient(signal).renew(
      { issuer: `http://${host}:${port}`, clientId: "cli", scopes: [] },
      "the-refresh-token",
    );
  return { asked, renew };
}

it("sends a refresh token without TLS to this machine alone", async () => {
  const { asked, renew } = await startProvider((port) => `http://127.0.0.1:${port}/token`);
  // 0.0.0.0 leads here, too, but is no loopback address.
  await expect(renew("0.0.0.0")).rejects.toMatchObject({
    code: "API_SSO_INVALID",
    message: expect.stringMatching(/by https alone, and not to .*; log in again with: mooring relogin$/u),
  });
  expect(asked).toEqual([]);
  await expect(renew("127.0.0.1")).rejects.toThrow("it refused the login with invalid_grant");
  expect(asked).toEqual(["127.0.0.1 /.well-known/openid-configuration", "127.0.0.1 /token"]);
});

it("sends a refresh token to no endpoint elsewhere that is without TLS", async () => {
  const { asked, renew } = await startProvider((port) => `http://0.0.0.0:${port}/token`);
  await expect(renew("127.0.0.1")).rejects.toThrow("by https alone");
  expect(asked).toEqual(["127.0.0.1 /.well-known/openid-configuration"]);
});
